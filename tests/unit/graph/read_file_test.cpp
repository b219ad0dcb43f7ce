#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/graph/graph_fixture.hpp"

namespace {

using takt::test::codes_of;
using GraphFile = takt::test::GraphTest;

std::string message_of(const takt::LoadedGraph& graph) {
  return graph.diagnostics.empty() ? "" : graph.diagnostics.entries().front().message;
}

TEST_F(GraphFile, ThatDoesNotExistIsADiagnostic) {
  const auto graph = takt::load_graph("/nowhere/graph.yaml", options());

  EXPECT_EQ(codes_of(graph), "graph.unreadable-file");
  EXPECT_EQ(message_of(graph), "cannot read the graph file: no such file");
  EXPECT_EQ(graph.diagnostics.render(false),
            "/nowhere/graph.yaml: error: cannot read the graph file: no such file "
            "[graph.unreadable-file]\n");
}

TEST_F(GraphFile, ThatIsAFolderIsADiagnostic) {
  EXPECT_EQ(message_of(takt::load_graph(scratch_folder().string(), options())),
            "cannot read the graph file: it is a directory");
}

TEST_F(GraphFile, ThatIsAPipeIsADiagnosticAndNotAWait) {
  const std::string pipe = (scratch_folder() / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);

  EXPECT_EQ(message_of(takt::load_graph(pipe, options())),
            "cannot read the graph file: it is no regular file");
}

TEST_F(GraphFile, ThatMayNotBeReadIsADiagnostic) {
  const std::string file = (scratch_folder() / "secret.yaml").string();
  std::ofstream(file) << "takt: 1\n";
  ASSERT_EQ(::chmod(file.c_str(), 0), 0);
  // Root may read it whatever its mode: then the content is what is wrong.
  const std::string expected =
      ::geteuid() == 0 ? "graph.missing-key graph.missing-key" : "graph.unreadable-file";

  EXPECT_EQ(codes_of(takt::load_graph(file, options())), expected);
}

TEST_F(GraphFile, GivesItsBytesAndTheirHash) {
  const std::string file = (scratch_folder() / "graph.yaml").string();
  const std::string text =
      "takt: 1\ngraph: own\nnodes:\n  a: {type: source/profile, period: 1s, params: {shape: "
      "step}}\n";
  std::ofstream(file) << text;

  const auto graph = takt::load_graph(file, options());

  EXPECT_EQ(codes_of(graph), "");
  EXPECT_EQ(graph.spec.file, file);
  EXPECT_EQ(graph.spec.source_text, text);
  EXPECT_EQ(graph.spec.sha256.size(), 64U);
}

}  // namespace
