# cmake --install: the program, the library, its public headers and a pkg-config file.
include(GNUInstallDirs)
configure_file(cmake/linkback.pc.in linkback.pc @ONLY)
install(TARGETS linkback RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS lb ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/linkback DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/linkback.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
