// Feeds changed streams of frames to the decoder of takt/bus/frame.hpp and checks what must hold
// for every stream, in whatever pieces it comes.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include <takt/base/assert.hpp>
#include <takt/base/text.hpp>
#include <takt/bus/frame.hpp>

#include "tests/fuzz/fuzzer.hpp"

namespace {

using takt::bus::FrameDecoder;
using Found = FrameDecoder::Found;

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string frame_of(const std::string& datagram) {
  std::array<std::byte, takt::bus::kFrameBytesMax> frame{};
  const std::size_t size = takt::bus::encode_frame(bytes_of(datagram), frame);
  TAKT_ASSERT(size <= takt::bus::frame_bytes(datagram.size()));
  return {reinterpret_cast<const char*>(frame.data()), size};
}

// Streams as they should be, and as they should not: cut, spoiled, with garbage between. Line
// breaks are where the mutator cuts.
std::vector<std::string> stream_seeds() {
  const std::string zeros(40, '\0');
  const std::string longest(takt::bus::kDatagramBytesMax, 'x');
  const std::string one = frame_of("one"), number = frame_of("TKT1\n" + zeros);
  std::string spoiled = number;
  spoiled[7] = static_cast<char>(spoiled[7] ^ 1);
  return {one,
          one + frame_of("a\nb") + number,
          frame_of(longest),
          frame_of(std::string(253, 'x')) + frame_of(std::string(254, 'x')),
          frame_of(zeros + "\n" + zeros),
          number.substr(0, number.size() / 2),
          one + spoiled,
          "garbage\n" + one + one,
          std::string(1, '\0') + longest + "\n" + longest};
}

struct Heard {
  std::vector<std::string> frames;
  std::string order;  // One letter a finding: f or b.
  bool operator==(const Heard&) const = default;
};

Heard hear(const std::string& stream, std::size_t piece) {
  FrameDecoder decoder;
  Heard heard;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    auto bytes = bytes_of(stream).subspan(at, std::min(piece, stream.size() - at));
    for (Found found; (found = decoder.take(bytes)) != Found::nothing;) {
      heard.order += found == Found::frame ? 'f' : 'b';
      if (found == Found::bad) continue;
      const auto datagram = decoder.datagram();
      heard.frames.emplace_back(reinterpret_cast<const char*>(datagram.data()), datagram.size());
    }
    TAKT_ASSERT(bytes.empty());
  }
  return heard;
}

// A bug that no seed shows: a decoder that does not find back after two bad frames in a row.
void planted_bug(const std::string& order) {
  if (order.find("bbf") != std::string::npos) std::abort();
}

std::string run_target(const std::string& stream, bool with_bug) {
  const Heard whole = hear(stream, stream.size() + 1);
  TAKT_ASSERT(whole == hear(stream, 1));
  TAKT_ASSERT(whole == hear(stream, 7));
  const auto borders = static_cast<std::size_t>(std::count(stream.begin(), stream.end(), '\0'));
  TAKT_ASSERT(whole.order.size() <= borders);
  for (const std::string& frame : whole.frames) {
    TAKT_ASSERT(!frame.empty());
    TAKT_ASSERT(frame.size() <= takt::bus::kDatagramBytesMax);
  }
  // Whatever it was, a frame behind it is found.
  const Heard behind = hear(stream + frame_of("behind"), stream.size() + 1);
  TAKT_ASSERT(!behind.frames.empty());
  TAKT_ASSERT(behind.frames.back() == "behind");
  if (with_bug) planted_bug(whole.order);
  return whole.order.substr(0, 6);
}

}  // namespace

int main(int argc, char** argv) {
  const takt::fuzz::FuzzOptions options = takt::fuzz::read_options(argc, argv, "fuzz_frames");
  const std::vector<std::string> words{
      std::string(1, '\0'),           std::string(2, '\0'),  "\x01", "\x02", "\xff", "\n", "x",
      "\xff" + std::string(254, 'x'), frame_of("one") + "\n"};
  return takt::fuzz::run_fuzzer(options, stream_seeds(), words, [&](const std::string& stream) {
    return run_target(stream, options.bug_is_planted);
  });
}
