# takt_library(NAME SOURCES .. PUBLIC_HEADERS .. PUBLIC_DEPS .. PRIVATE_DEPS .. [INTERNAL] [RT])
#
# One room of the house: a static library `takt_NAME` with the alias `takt::NAME`. Public headers
# live under include/takt/ and are verified to stand alone. RT marks a target whose objects are
# searched for calls that a loop must not make (`.ci/check_rt_symbols.sh`). INTERNAL rooms are not
# installed.
define_property(GLOBAL PROPERTY TAKT_RT_TARGETS BRIEF_DOCS "Targets on the loop's path")
define_property(GLOBAL PROPERTY TAKT_INSTALL_TARGETS BRIEF_DOCS "Targets of the installed package")

# Most of a file's compile time goes into what it includes: eight files share it. Off in the preset
# `tidy`, which so finds a file that does not stand alone.
function(takt_unity target)
  if(TAKT_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  endif()
endfunction()

function(takt_library name)
  cmake_parse_arguments(ARG "INTERNAL;RT" "" "SOURCES;PUBLIC_HEADERS;PUBLIC_DEPS;PRIVATE_DEPS" ${ARGN})
  set(target takt_${name})
  if(ARG_SOURCES)
    add_library(${target} STATIC ${ARG_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:takt_warnings>)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  takt_unity(${target})
  add_library(takt::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_link_libraries(${target} ${scope} takt_flags ${ARG_PUBLIC_DEPS})
  if(ARG_PRIVATE_DEPS)
    target_link_libraries(${target} PRIVATE ${ARG_PRIVATE_DEPS})
  endif()
  if(ARG_PUBLIC_HEADERS)
    target_sources(${target} ${scope} FILE_SET HEADERS
      BASE_DIRS ${CMAKE_CURRENT_SOURCE_DIR}/include FILES ${ARG_PUBLIC_HEADERS})
    set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  endif()
  if(TARGET takt_pch AND ARG_SOURCES AND NOT ARG_RT)
    target_precompile_headers(${target} REUSE_FROM takt_pch)
  endif()
  if(ARG_RT)
    set_property(GLOBAL APPEND PROPERTY TAKT_RT_TARGETS ${target})
  endif()
  if(NOT ARG_INTERNAL)
    set_property(GLOBAL APPEND PROPERTY TAKT_INSTALL_TARGETS ${target})
  endif()
endfunction()

# Headers that most rooms above the ground include and that are slow to compile (JSON, fmt): read
# once. Off in preset `tidy`, which so finds a file that leans on them without including them.
function(takt_add_precompiled_headers)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/takt_pch.cpp CONTENT "// Nothing but its headers.\n")
  add_library(takt_pch OBJECT ${PROJECT_BINARY_DIR}/takt_pch.cpp)
  target_link_libraries(takt_pch PRIVATE takt_flags takt_warnings takt_base)
  target_precompile_headers(takt_pch PRIVATE <takt/base/json.hpp> <takt/base/text.hpp>
    <algorithm> <chrono> <filesystem> <functional> <map> <memory> <vector>)
endfunction()

# takt_executable(NAME SOURCES .. DEPS ..): a program in build/<preset>/bin.
function(takt_executable name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  takt_unity(${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE takt_flags takt_warnings ${ARG_DEPS})
endfunction()
