#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

#include <takt/base/text.hpp>
#include <takt/graph/mark_tree.hpp>
#include <takt/graph/read_file.hpp>

namespace takt::graph {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

std::optional<std::string> read_file(const std::string& path, Report& report) {
  const auto refuse = [&](const std::string& why) {
    report.error({.code = "graph.unreadable-file",
                  .message = format("cannot read the {}: {}", report.words().kind, why)});
    return std::nullopt;
  };
  // A pipe or a device would block or never end; a directory opens and fails at the first read.
  std::error_code problem;
  const auto status = std::filesystem::status(path, problem);
  if (status.type() == std::filesystem::file_type::not_found) return refuse("no such file");
  if (problem) return refuse(problem.message());
  if (std::filesystem::is_directory(status)) return refuse("it is a directory");
  if (!std::filesystem::is_regular_file(status)) return refuse("it is no regular file");
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (!file) return refuse(std::strerror(errno));
  std::string text(kFileBytesMax + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get())) return refuse(std::strerror(errno));
  return text;
}

}  // namespace takt::graph
