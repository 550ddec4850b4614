# Builds the data files of the source tree into the library (src/base/resource.h).
file(GLOB LINKBACK_RESOURCES RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS
    ${CMAKE_SOURCE_DIR}/datasets/*/format.yaml
    ${CMAKE_SOURCE_DIR}/docs/glossary.md
    ${CMAKE_SOURCE_DIR}/reports/profiles/*.yaml
    ${CMAKE_SOURCE_DIR}/reports/report.css
    ${CMAKE_SOURCE_DIR}/reports/report.js
    ${CMAKE_SOURCE_DIR}/reports/*.sql)
list(SORT LINKBACK_RESOURCES)
set(resources_c ${CMAKE_CURRENT_BINARY_DIR}/generated/resources.c)
add_custom_command(
    OUTPUT ${resources_c}
    COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/cmake/embed.py ${resources_c} ${LINKBACK_RESOURCES}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    DEPENDS ${LINKBACK_RESOURCES} cmake/embed.py
    VERBATIM)
target_sources(lb PRIVATE ${resources_c})
