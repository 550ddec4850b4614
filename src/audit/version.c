#include "audit/version.h"

#include <archive.h>
#include <gsl/gsl_version.h>
#include <hs/hs.h>
#include <libxml/xmlversion.h>
#include <nettle/version.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unicode/uversion.h>
#include <utf8proc.h>
#include <yaml.h>

#define XXH_INLINE_ALL
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#include <xxhash.h>
#pragma GCC diagnostic pop

#include "base/buffer.h"
#include "linkback/linkback.h"

/* One line a library, in alphabetical order. */
json_t *lb_version_libraries(void) {
    char icu[U_MAX_VERSION_STRING_LENGTH], xxhash[32];
    UVersionInfo icu_numbers;
    u_getVersion(icu_numbers);
    u_versionToString(icu_numbers, icu);
    const char *archive = archive_version_string(); /* "libarchive 3.6.2" */
    archive = strchr(archive, ' ') ? strchr(archive, ' ') + 1 : archive;
    char vectorscan[32]; /* hs_version: "5.4.9 2023-03-23" */
    snprintf(vectorscan, sizeof vectorscan, "%.*s", (int)strcspn(hs_version(), " "), hs_version());
    char nettle[32];
    snprintf(nettle, sizeof nettle, "%d.%d", nettle_version_major(), nettle_version_minor());
    unsigned number = XXH_versionNumber();
    snprintf(xxhash, sizeof xxhash, "%u.%u.%u", number / 10000, number / 100 % 100, number % 100);
    const struct {
        const char *name, *version;
    } libraries[] = {
        {"gsl", gsl_version},
        {"icu", icu},
        {"jansson", jansson_version_str()},
        {"libarchive", archive},
        {"libxml2", LIBXML_DOTTED_VERSION},
        {"libyaml", yaml_get_version_string()},
        {"nettle", nettle},
        {"simdjson", LINKBACK_SIMDJSON_VERSION},
        {"sqlite3", sqlite3_libversion()},
        {"utf8proc", utf8proc_version()},
        {"vectorscan", vectorscan},
        {"xxhash", xxhash},
    };
    json_t *object = json_object();
    for (size_t i = 0; object && i < sizeof libraries / sizeof *libraries; i++)
        if (json_object_set_new(object, libraries[i].name, json_string(libraries[i].version)) !=
            0) {
            json_decref(object);
            return NULL;
        }
    return object;
}

int lb_versions(char **text, lb_error *error) {
    json_t *libraries = lb_version_libraries();
    if (!libraries)
        return lb_fail_memory(error, "listing versions");
    lb_buffer buffer = {0};
    int status = lb_buffer_printf(&buffer, error, "linkback %s\n", LINKBACK_VERSION);
    const char *name;
    json_t *version;
    json_object_foreach(libraries, name, version) if (status == LB_OK) status =
        lb_buffer_printf(&buffer, error, "%s %s\n", name, json_string_value(version));
    json_decref(libraries);
    if (status < 0)
        lb_buffer_free(&buffer);
    else
        *text = buffer.data; /* lb_buffer_printf leaves a NUL behind the text */
    return status;
}

void lb_text_free(char *text) {
    lb_free(text);
}
