# takt_add_nodes(NAME SOURCES .. [DEPS ..])
#
# A library of nodes, libNAME.so, with its manifest libNAME.takt.json beside it. All that an outside
# project needs after find_package(takt). Every source may hold any number of TAKT_NODE classes.
# The manifest is written by running the library in takt-node: cross-compiled ones are run under
# CMAKE_CROSSCOMPILING_EMULATOR.
function(takt_add_nodes name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} SHARED ${ARG_SOURCES} ${TAKT_NODE_LIBRARY_SOURCE})
  set_target_properties(${name} PROPERTIES CXX_VISIBILITY_PRESET hidden CXX_EXTENSIONS OFF)
  if(TAKT_NODE_OUTPUT_DIRECTORY)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${TAKT_NODE_OUTPUT_DIRECTORY})
  endif()
  target_link_libraries(${name} PRIVATE takt::node ${ARG_DEPS})
  # Every symbol is bound at the start, and one that is missing is an error of the build.
  target_link_options(${name} PRIVATE -Wl,-z,now)
  if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize" AND NOT TAKT_SANITIZE)
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
  if(TARGET takt-node)
    set(writer takt-node)
  else()
    set(writer takt::takt-node)
  endif()
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:${writer}> --manifest $<TARGET_FILE:${name}> ${name}
      $<TARGET_FILE_DIR:${name}>/lib${name}.takt.json
    COMMENT "Manifest of ${name}" VERBATIM)
endfunction()
