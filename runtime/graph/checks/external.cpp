// Inputs that no topic feeds (`from: external`).
#include <algorithm>

#include <takt/base/text.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {

const ExternalInput* Model::find_external(std::size_t reader, std::size_t input) const {
  const auto found =
      std::find_if(externals.begin(), externals.end(), [&](const ExternalInput& external) {
        return external.reader == reader && external.input == input;
      });
  return found == externals.end() ? nullptr : &*found;
}

// What is written is there at the next release: nothing can queue up or come a period late.
void check_externals(const Model& model, Report& report) {
  for (const ExternalInput& external : model.externals) {
    const auto refuse = [&](const char* key, const Mark& mark) {
      report.error({.code = "graph.external-input",
                    .mark = mark,
                    .message = format("input '{}' is external and cannot have '{}'",
                                      model.input_name(external), key),
                    .help = "it has the value of this release; remove the key",
                    .notes = {{"it is external here", *external.draft->external}}});
    };
    const InputDraft& draft = *external.draft;
    if (draft.queue_depth) refuse("queue", draft.queue_depth->mark);
    if (draft.delayed && draft.delayed->value) refuse("delayed", draft.delayed->mark);
  }
}

}  // namespace takt::graph
