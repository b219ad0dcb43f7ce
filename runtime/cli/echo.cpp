#include <cstdio>

#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/local_socket.hpp>
#include <takt/sample/json.hpp>
#include <takt/supervisor/instance.hpp>
#include <takt/tap/stream.hpp>
#include <takt/time/clock.hpp>

#include "runtime/cli/cli.hpp"

namespace takt::cli {
namespace {

struct EchoArguments {
  std::vector<std::string> topics;
  std::string instance;
  std::string wait;
  std::uint64_t count = 0;
  bool csv = false;
  bool json = false;
};

// How often a missing instance is looked for again.
constexpr std::chrono::milliseconds kLookAgain{10};

// Attaches, waiting for the instance to come when `--wait` allows.
Result<tap::Stream> attach(const EchoArguments& arguments, std::chrono::nanoseconds wait) {
  MonotonicClock clock;
  const auto until = clock.now() + wait;
  for (;;) {
    auto instance = choose_instance(arguments.instance);
    if (instance) {
      const auto socket = socket_to(*instance);
      if (!socket) return socket.error();
      auto stream = tap::Stream::attach(*socket, arguments.topics);
      // A graph that is just starting has no tap yet; a wrong topic stays wrong.
      const bool starting = !stream && stream.error().message.find("starting") != std::string::npos;
      if (!starting || clock.now() >= until) return stream;
    } else if (clock.now() >= until) {
      return instance.error();
    }
    clock.wait_until(clock.now() + kLookAgain);
  }
}

std::string seconds(std::int64_t ns) {
  const std::int64_t magnitude = ns < 0 ? -ns : ns;
  return format("{}{}.{:09}", ns < 0 ? "-" : "", magnitude / 1'000'000'000,
                magnitude % 1'000'000'000);
}

// A text in a CSV cell is quoted when it holds a separator.
std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

// Prints frames in one of the three forms.
class Printer {
 public:
  Printer(const std::vector<tap::StreamTopic>& topics, const EchoArguments& arguments)
      : topics_(topics), csv_(arguments.csv), json_(arguments.json) {
    for (const auto& topic : topics_) columns_.push_back(columns_of(topic.layout));
    if (!csv_) return;
    std::string line = "t,seq";
    for (const Column& column : columns_.front()) line += "," + cell(column.name);
    std::puts(line.c_str());
  }

  void print(const tap::Frame& frame) const {
    const std::string line = csv_ ? csv(frame) : json_ ? json(frame) : words(frame);
    std::puts(line.c_str());
  }

 private:
  std::string csv(const tap::Frame& frame) const {
    std::string line =
        format("{},{}", seconds(frame.header.since_barrier_ns), frame.header.header.sequence);
    for (const Column& column : columns_[frame.header.topic]) {
      line += "," + cell(column_text(column, frame.sample));
    }
    return line;
  }
  std::string json(const tap::Frame& frame) const {
    const auto& topic = topics_[frame.header.topic];
    return json_line({{"topic", topic.name},
                      {"seq", frame.header.header.sequence},
                      {"t_ns", frame.header.since_barrier_ns},
                      {"publish_ns", frame.header.header.publish_ns},
                      {"origin_ns", frame.header.header.origin_ns},
                      {"lost", frame.header.lost},
                      {"data", sample_to_json(topic.layout, frame.sample)}});
  }
  std::string words(const tap::Frame& frame) const {
    const auto& topic = topics_[frame.header.topic];
    std::string line = format("{} {} #{}", seconds(frame.header.since_barrier_ns), topic.name,
                              frame.header.header.sequence);
    for (const Column& column : columns_[frame.header.topic]) {
      const std::string& unit = column.field->unit.empty() ? topic.unit : column.field->unit;
      line += format("  {}={}{}{}", column.name, column_text(column, frame.sample),
                     unit.empty() ? "" : " ", unit);
    }
    if (frame.header.lost > 0) line += format("  ({} lost before)", frame.header.lost);
    return line;
  }

  const std::vector<tap::StreamTopic>& topics_;
  std::vector<std::vector<Column>> columns_;
  bool csv_;
  bool json_;
};

int echo(const EchoArguments& arguments) {
  std::chrono::nanoseconds wait{0};
  if (!arguments.wait.empty()) {
    auto time = parse_duration(arguments.wait);
    if (!time) {
      print_error(fail("--wait: " + time.error().message, time.error().fix));
      return kUsage;
    }
    wait = *time;
  }
  auto stream = attach(arguments, wait);
  if (!stream) {
    print_error(stream.error());
    return kUsage;
  }
  if (arguments.csv && stream->topics().size() > 1) {
    print_error(fail("a CSV table has the columns of one topic", "name one topic, or use --json"));
    return kUsage;
  }
  const Printer printer(stream->topics(), arguments);
  tap::Frame frame;
  std::uint64_t shown = 0, lost = 0;
  while (arguments.count == 0 || shown < arguments.count) {
    auto more = stream->next(frame);
    if (!more) {
      print_error(more.error());
      return kFinding;
    }
    if (!*more) break;
    printer.print(frame);
    lost += frame.header.lost;
    ++shown;
    if (std::ferror(stdout) != 0) break;  // The reader of a pipe has gone, or the disk is full.
    if (::isatty(STDOUT_FILENO) != 0) std::fflush(stdout);
  }
  if (std::fflush(stdout) != 0) {
    print_error(fail("cannot write the samples", "is the disk full?"));
    return kFinding;
  }
  if (lost > 0) {
    std::fputs(format("{} samples were lost on the way to this tool\n", lost).c_str(), stderr);
  }
  return kDone;
}

}  // namespace

void add_echo(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("echo", "Print the samples of topics as they come");
  auto arguments = std::make_shared<EchoArguments>();
  verb->add_option("TOPIC", arguments->topics, "node.output, or node for all of its outputs")
      ->required();
  verb->add_option("--instance", arguments->instance, "Which one, when several run");
  verb->add_option("-n", arguments->count, "Stop after so many samples");
  verb->add_option("--wait", arguments->wait, "Wait so long for the instance to come");
  auto* csv = verb->add_flag("--csv", arguments->csv, "A table: t, seq and a column a field");
  verb->add_flag("--json", arguments->json, "One JSON object a line")->excludes(csv);
  verb->footer(
      "t is the publish stamp in seconds since the barrier.\n\nExamples:\n"
      "  takt echo motor.speed\n"
      "  takt echo motor.speed --csv > speed.csv\n"
      "  takt echo motor drive.output --json -n 100 --wait 10s");
  verb->callback([arguments, &exit_code] { exit_code = echo(*arguments); });
}

}  // namespace takt::cli
