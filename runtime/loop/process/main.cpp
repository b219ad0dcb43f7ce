// takt-node: the program of every node's process, and the writer of manifests.
#include <cstdio>
#include <cstring>
#include <string>

#include <unistd.h>

#include <takt/base/json.hpp>
#include <takt/node/access.hpp>
#include <takt/os/fd.hpp>

#include "runtime/loop/process/hog.hpp"
#include "runtime/loop/process/node_library.hpp"
#include "runtime/loop/process/run.hpp"
#include "runtime/loop/process/safe_only.hpp"

namespace {

constexpr const char* kHelp =
    "takt-node - runs one node of a takt graph\n"
    "\n"
    "It is started by `takt run`, not by hand.\n"
    "\n"
    "  takt-node --manifest LIBRARY NAME FILE   write the manifest of a library of nodes\n"
    "  takt-node --safe-only                    drive a device to its safe value, for a dead node\n"
    "  takt-node --hog NANOSECONDS              compute without pause, for `takt inject hog`\n"
    "  takt-node --version\n"
    "  takt-node --help\n"
    "\n"
    "Example: takt-node --manifest ./libmy_nodes.so my_nodes ./libmy_nodes.takt.json\n";

int write_manifest(const char* library_path, const char* name, const char* file) {
  const auto library = takt::loop::open_library(library_path);
  if (!library) {
    std::fprintf(stderr, "takt-node: %s\n", library.error().text().c_str());
    return 1;
  }
  const auto manifest = takt::manifest_of(name, (*library)->entries);
  const auto written =
      takt::os::write_file_atomically(file, takt::to_json(manifest).dump(2) + "\n");
  if (!written) {
    std::fprintf(stderr, "takt-node: %s\n", written.error().text().c_str());
    return 1;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string verb = argc > 1 ? argv[1] : "";
  if (verb == "--launched") {
    // No destructors of ports: the supervisor removes them, also when it does not answer any more.
    ::_exit(takt::loop::run_node_process());
  }
  if (verb == "--safe-only") return takt::loop::drive_safe_only();
  if (verb == "--hog" && argc == 3) return takt::loop::run_hog(argv[2]);
  if (verb == "--manifest" && argc == 5) return write_manifest(argv[2], argv[3], argv[4]);
  if (verb == "--version") {
    std::printf("takt-node %s\n", TAKT_VERSION);
    return 0;
  }
  std::fputs(kHelp, verb == "--help" ? stdout : stderr);
  return verb == "--help" ? 0 : 2;
}
