#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "base/file.h"
#include "corpus/input/file_kind.h"
#include "corpus/input/place_private.h"

static int fail_archive(lb_finder *f, const char *file, struct archive *archive) {
    return lb_fail(f->error, LB_E_INPUT, file, "check that the download is complete",
                   "the archive cannot be read: %s", archive_error_string(archive));
}

static bool is_hidden(const char *member) {
    for (const char *part = member; part; part = strchr(part, '/')) {
        part += *part == '/';
        bool here = part[0] == '.' && (part[1] == '/' || part[1] == '\0');
        bool above = strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0');
        if (part[0] == '.' && !here && !above)
            return true;
    }
    return false;
}

/* Adds the member, or says why not. */
static int judge_member(lb_finder *f, struct archive *archive, struct archive_entry *entry,
                        lb_place place) {
    const char *name = lb_file_base_name(place.member);
    char head[LB_FILE_HEAD];
    if (archive_entry_filetype(entry) != AE_IFREG)
        return lb_finder_leave_out(f, place.path, "it is a link or a device, and no file", true);
    if (archive_entry_is_data_encrypted(entry))
        return lb_finder_leave_out(f, place.path, "it is encrypted", true);
    la_ssize_t size = archive_read_data(archive, head, sizeof head);
    if (size < 0)
        return fail_archive(f, place.path, archive);
    if (size == 0)
        return lb_finder_leave_out(f, place.path, "it is empty", false);
    const lb_file_kind *kind = lb_file_kind_of(name, (lb_str){head, (size_t)size});
    if (kind)
        return lb_finder_leave_out(f, place.path, kind->what, !kind->wordless);
    if (is_hidden(place.member))
        return lb_finder_leave_out(f, place.path, "it is hidden", true);
    if (!lb_file_is_read(name, false))
        return lb_finder_leave_out(f, place.path, "its ending is none that is read", true);
    return lb_finder_add(f, place);
}

static int list_members(lb_finder *f, const char *file, const char *label,
                        struct archive *archive) {
    struct archive_entry *entry;
    int code, status = LB_OK;
    for (size_t ordinal = 0;
         status == LB_OK &&
         ((code = archive_read_next_header(archive, &entry)) == ARCHIVE_OK || code == ARCHIVE_WARN);
         ordinal++) {
        const char *name = archive_entry_pathname(entry);
        name = name ? name : archive_entry_pathname_utf8(entry);
        name = name ? name : "(a name that cannot be read)";
        if (archive_entry_filetype(entry) == AE_IFDIR)
            continue;
        lb_place place = {.file = file,
                          .member = lb_arena_copy(f->arena, name, strlen(name)),
                          .ordinal = ordinal,
                          .found = true};
        if (!place.member || !(place.path = lb_finder_join(f, file, '!', place.member)) ||
            !(place.label = lb_finder_join(f, label, '!', place.member)))
            return lb_finder_fail_memory(f);
        status = judge_member(f, archive, entry, place);
    }
    return status < 0 ? status : code == ARCHIVE_EOF ? LB_OK : fail_archive(f, file, archive);
}

int lb_finder_archive(lb_finder *f, const char *file, const char *label) {
    struct archive *archive = archive_read_new();
    if (!archive)
        return lb_finder_fail_memory(f);
    int status;
    if (archive_read_support_format_zip(archive) != ARCHIVE_OK ||
        archive_read_open_filename(archive, file, 1 << 16) != ARCHIVE_OK)
        status = fail_archive(f, file, archive);
    else
        status = list_members(f, file, label, archive);
    archive_read_free(archive);
    return status;
}
