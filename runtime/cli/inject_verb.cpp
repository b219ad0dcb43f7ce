// inject: hurt a running graph, as a test.
#include <algorithm>
#include <string>
#include <vector>

#include <takt/base/text.hpp>

#include "runtime/cli/cli.hpp"

namespace takt::cli {
namespace {

struct InjectOptions {
  std::shared_ptr<std::string> instance;
  std::string fault, target, time;
  std::string at, bias, sd, by, jitter;
  double scale = 1.0;
  double drop = 0.0;
  std::uint32_t divide = 0;
  std::uint64_t seed = 0;
};

const std::vector<std::string> kOnProcesses{"kill", "stop", "cont", "hog"};
const std::vector<std::string> kOnTopics{"off",   "stuck",   "wrong", "garbage",
                                         "noise", "delayed", "slow",  "intermittent"};

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// An option and the faults that it goes with.
struct FaultOption {
  const char* name;
  std::vector<std::string> faults;
};
const std::vector<FaultOption> kFaultOptions{
    {"--at", {"stuck"}},
    {"--bias", {"wrong"}},
    {"--scale", {"wrong"}},
    {"--sd", {"noise"}},
    {"--by", {"delayed"}},
    {"--jitter", {"delayed"}},
    {"--divide", {"slow"}},
    {"--drop", {"intermittent"}},
    {"--seed", {"garbage", "noise", "delayed", "intermittent"}}};

Result<void> check_options(const CLI::App& verb, const InjectOptions& options) {
  for (const FaultOption& option : kFaultOptions) {
    if (verb.count(option.name) == 0 || contains(option.faults, options.fault)) continue;
    return fail(format("{} goes with {}", option.name, fmt::join(option.faults, ", ")));
  }
  if (!contains(kOnTopics, options.fault)) {
    if (options.time.empty() || options.fault == "hog") return {};
    return fail("--for goes with hog and faults of topics: the others are signals");
  }
  if (options.time.empty()) return fail(format("{} needs --for TIME", options.fault));
  const auto needs = [&](const char* fault, const char* option) -> Result<void> {
    if (options.fault != fault || verb.count(option) > 0) return {};
    return fail(format("{} needs {}", fault, option));
  };
  for (const auto& [fault, option] : {std::pair{"noise", "--sd"}, std::pair{"slow", "--divide"},
                                      std::pair{"intermittent", "--drop"}}) {
    if (auto there = needs(fault, option); !there) return there;
  }
  return {};
}

// "for_ns", "by_ns", "jitter_ns" from their options.
Result<void> add_duration(Json& request, const char* key, const std::string& option,
                          const std::string& text) {
  if (text.empty()) return {};
  const auto parsed = parse_duration(text);
  if (!parsed) return fail(format("{}: {}", option, parsed.error().message), parsed.error().fix);
  request[key] = parsed->count();
  return {};
}

Result<Json> request_of(const CLI::App& verb, const InjectOptions& options) {
  if (auto good = check_options(verb, options); !good) return good.error();
  const bool on_topic = contains(kOnTopics, options.fault);
  Json request = {
      {"verb", "inject"}, {"how", options.fault}, {on_topic ? "topic" : "node", options.target}};
  for (const auto& [key, option, text] :
       {std::tuple{"for_ns", "--for", options.time}, std::tuple{"by_ns", "--by", options.by},
        std::tuple{"jitter_ns", "--jitter", options.jitter}}) {
    if (auto added = add_duration(request, key, option, text); !added) return added.error();
  }
  // With units, which the instance knows.
  if (!options.at.empty()) request["at_text"] = options.at;
  if (!options.bias.empty()) request["bias_text"] = options.bias;
  if (!options.sd.empty()) request["sd_text"] = options.sd;
  if (!on_topic) return request;
  request["scale"] = options.scale;
  request["drop"] = options.drop;
  request["divide"] = std::max(options.divide, std::uint32_t{1});
  request["seed"] = options.seed;
  return request;
}

int inject(const CLI::App& verb, const InjectOptions& options) {
  const auto request = request_of(verb, options);
  if (!request) {
    print_error(request.error());
    return kUsage;
  }
  return command(*options.instance, *request,
                 format("injected: {} '{}'", options.fault, options.target));
}

void add_value_options(CLI::App& verb, InjectOptions& options) {
  verb.add_option("--at", options.at, "stuck: at this value, not the last one");
  verb.add_option("--bias", options.bias, "wrong: is added, behind --scale");
  verb.add_option("--scale", options.scale, "wrong: the factor");
  verb.add_option("--sd", options.sd, "noise: the standard deviation");
  verb.add_option("--by", options.by, "delayed: samples arrive so much later");
  verb.add_option("--jitter", options.jitter, "delayed: plus up to this by chance");
  verb.add_option("--divide", options.divide, "slow: one of so many arrives");
  verb.add_option("--drop", options.drop, "intermittent: the share that is dropped, as 0.2");
  verb.add_option("--seed", options.seed, "What is drawn by chance depends on it alone");
}

}  // namespace

void add_inject(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("inject", "Hurt a process or a topic of a running graph");
  auto options = std::make_shared<InjectOptions>();
  options->instance = add_instance(*verb);
  std::vector<std::string> faults = kOnProcesses;
  faults.insert(faults.end(), kOnTopics.begin(), kOnTopics.end());
  verb->add_option("FAULT", options->fault,
                   "Of a process: kill: SIGKILL; stop: SIGSTOP; cont: SIGCONT; hog: a process that "
                   "computes without pause on the node's CPUs, one priority above it. Of a topic, "
                   "for everyone who reads it: off, stuck, wrong, garbage, noise, delayed, slow, "
                   "intermittent")
      ->required()
      ->check(CLI::IsMember(faults));
  verb->add_option("TARGET", options->target,
                   "A node, or 'tap'; or a topic NODE.OUTPUT, for values NODE.OUTPUT.FIELD")
      ->required();
  verb->add_option("--for", options->time,
                   "How long: of a hog (default: 1s, at most 60s), of a topic (at most 10min)");
  add_value_options(*verb, *options);
  verb->footer(
      "The graph must live through it as its file says: freshness limits, fallbacks, safe values, "
      "restart.\nSamples are altered where they are read: `takt echo` shows what was sent.\n"
      "Examples:\n  takt inject kill speed_pid\n  takt inject stop motor; takt inject cont motor\n"
      "  takt inject hog motor --for 200ms\n"
      "  takt inject off motor.speed --for 2s\n"
      "  takt inject wrong motor.speed --bias '0.1 rad/s' --for 5s\n"
      "  takt inject delayed motor.speed --by 5ms --jitter 2ms --for 5s\n"
      "  takt inject intermittent motor.speed --drop 0.2 --for 5s");
  verb->callback([options, verb, &exit_code] { exit_code = inject(*verb, *options); });
}

}  // namespace takt::cli
