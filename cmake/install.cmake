# cmake --install: the program, the library, its public headers, a pkg-config file, and the pages that reports and messages cite.
include(GNUInstallDirs)
# The package may be moved: the file finds everything from where it is itself.
file(RELATIVE_PATH LINKBACK_PREFIX_FROM_PC /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(cmake/linkback.pc.in linkback.pc @ONLY)
install(TARGETS linkback RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS lb ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/linkback DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/linkback.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES docs/methods.md docs/configuration.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
