# cmake --install: the programs, the stock nodes, and what find_package(takt) needs.
include(CMakePackageConfigHelpers)

set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/takt)
get_property(libraries GLOBAL PROPERTY TAKT_INSTALL_TARGETS)

install(TARGETS takt_flags ${libraries} EXPORT takt-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} FILE_SET HEADERS)
# The helpers stand beside each other, away from users' PATH.
install(TARGETS takt-node EXPORT takt-targets RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/takt)
install(TARGETS takt-tap RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/takt)
install(TARGETS takt RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS takt_nodes LIBRARY DESTINATION lib/takt/nodes)
install(FILES ${TAKT_NODE_OUTPUT_DIRECTORY}/libtakt_nodes.takt.json DESTINATION lib/takt/nodes)

install(EXPORT takt-targets NAMESPACE takt:: DESTINATION ${config_dir})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/takt-config.cmake.in
  ${PROJECT_BINARY_DIR}/takt-config.cmake INSTALL_DESTINATION ${config_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/takt-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/takt-config.cmake ${PROJECT_BINARY_DIR}/takt-config-version.cmake
  ${CMAKE_CURRENT_LIST_DIR}/TaktNodes.cmake DESTINATION ${config_dir})
install(FILES ${PROJECT_SOURCE_DIR}/runtime/node/library.cpp DESTINATION ${config_dir}
  RENAME takt_node_library.cpp)
