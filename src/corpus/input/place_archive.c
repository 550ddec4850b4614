#include <string.h>

#include "base/file.h"
#include "corpus/input/archive.h"
#include "corpus/input/file_kind.h"
#include "corpus/input/place_private.h"

/* What is unpacked to look into archives within archives: a small file may hold more than any disk
 * does. */
enum { MOST_ARCHIVES = 1000 };
static const uint64_t most_unpacked = UINT64_C(64) << 30;

static int list_members(lb_finder *f, lb_archive *archive, lb_place at);

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

static int leave_out(lb_finder *f, const lb_place *place, const char *why) {
    return lb_finder_leave_out(f, place->path, why, true);
}

/* What cannot be read of an archive that was found is left out as a file would be. */
static int leave_out_damaged(lb_finder *f, const lb_place *place, const lb_error *why) {
    return leave_out(f, place, why->what);
}

/* A member that is an archive itself. */
static int enter(lb_finder *f, lb_archive *outer, lb_place place) {
    if (place.depth >= LB_ARCHIVE_DEEPEST)
        return leave_out(f, &place, "it is an archive nested deeper than four");
    if (f->archives >= MOST_ARCHIVES || f->unpacked > most_unpacked)
        return leave_out(f, &place, "it is one archive within another more than is looked into");
    f->archives++;
    lb_archive *inner;
    lb_error failure = {0};
    int status = lb_archive_enter(&inner, outer, place.path, &failure);
    if (status == 1)
        return leave_out(f, &place, "it is an archive within another and larger than 256 MB");
    if (status == LB_OK) {
        place.holder = lb_file_base_name(place.member);
        status = list_members(f, inner, place);
        f->unpacked += lb_archive_unpacked(inner);
        lb_archive_free(inner);
        return status;
    }
    if (status == LB_E_INPUT)
        return leave_out_damaged(f, &place, &failure);
    if (f->error)
        *f->error = failure;
    return status;
}

static const char *why_no_file(struct archive_entry *entry) {
    mode_t type = archive_entry_filetype(entry);
    return type == AE_IFLNK                         ? "it is a link"
           : type != AE_IFREG                       ? "it is a device or a pipe, and no file"
           : archive_entry_is_data_encrypted(entry) ? "it is encrypted"
                                                    : NULL;
}

/* Adds the member, or says why not. */
static int judge_member(lb_finder *f, lb_archive *archive, struct archive_entry *entry,
                        lb_place place) {
    const char *name = lb_file_base_name(place.member);
    if (archive_entry_hardlink(entry))
        return lb_finder_leave_out(f, place.path, "it is a second name of another member", false);
    const char *why = why_no_file(entry);
    if (why)
        return leave_out(f, &place, why);
    lb_str head;
    lb_error failure = {0};
    int status = lb_archive_peek(archive, LB_FILE_HEAD, &head, &failure);
    if (status == LB_E_INPUT)
        return leave_out_damaged(f, &place, &failure);
    if (status < 0)
        return lb_finder_fail_memory(f);
    if (head.size == 0)
        return lb_finder_leave_out(f, place.path, "it is empty", false);
    const lb_file_kind *kind = lb_file_kind_of(name, head);
    if (kind)
        return lb_finder_leave_out(f, place.path, kind->what, !kind->wordless);
    if (is_hidden(place.member))
        return leave_out(f, &place, "it is hidden");
    if (lb_archive_is_zip(head) || lb_archive_is_tar(head) || lb_file_is_tar(name))
        return enter(f, archive, place);
    if (!lb_file_is_read(name, false))
        return leave_out(f, &place, "its ending is none that is read");
    return lb_finder_add(f, place);
}

/* The place of the member at which the archive stands; `at` is the archive's own. */
static int place_of(lb_finder *f, const lb_archive *archive, struct archive_entry *entry,
                    const lb_place *at, lb_place *place) {
    const char *name = archive_entry_pathname(entry);
    name = name ? name : archive_entry_pathname_utf8(entry);
    name = name ? name : "(a name that cannot be read)";
    while (strncmp(name, "./", 2) == 0 && name[2])
        name += 2;
    size_t *ordinals = lb_arena_alloc(f->arena, at->depth + 1, sizeof *ordinals);
    *place = *at;
    place->member = lb_arena_copy(f->arena, name, strlen(name));
    if (!ordinals || !place->member ||
        !(place->path = lb_finder_join(f, at->path, '!', place->member)) ||
        !(place->label = lb_finder_join(f, at->label, '!', place->member)))
        return lb_finder_fail_memory(f);
    if (at->depth > 0)
        memcpy(ordinals, at->ordinals, at->depth * sizeof *ordinals);
    ordinals[at->depth] = lb_archive_passed(archive) - 1;
    place->ordinals = ordinals;
    place->depth = at->depth + 1;
    return LB_OK;
}

/* An office document is an archive to look at: none of its parts is a file of anybody's. */
static int leave_out_whole(lb_finder *f, const lb_place *at, const lb_file_kind *kind,
                           size_t places, lb_left_outs before) {
    lb_left_outs *left = &f->places->left_out;
    f->places->count = places;
    left->count = before.count;
    left->all = before.all;
    left->unread = before.unread;
    return leave_out(f, at, kind->what);
}

static int judge_strays(lb_finder *f, const lb_archive *archive, const lb_place *at) {
    uint64_t bytes;
    lb_error failure = {0};
    if (lb_archive_strays(archive, &bytes, &failure) < 0)
        return lb_finder_fail_memory(f);
    return bytes == 0 ? LB_OK
                      : leave_out(f, at,
                                  "a part of it belongs to no member, such as text behind its "
                                  "end: only the members are read; pack it again");
}

static int list_members(lb_finder *f, lb_archive *archive, lb_place at) {
    size_t places = f->places->count;
    lb_left_outs before = f->places->left_out;
    struct archive_entry *entry;
    lb_error failure = {0};
    int status = LB_OK, more;
    while (status == LB_OK && (more = lb_archive_next(archive, &entry, &failure)) == 1) {
        if (archive_entry_filetype(entry) == AE_IFDIR)
            continue;
        lb_place place;
        status = place_of(f, archive, entry, &at, &place);
        const lb_file_kind *whole = status == LB_OK ? lb_file_kind_of_archive(place.member) : NULL;
        if (whole)
            return leave_out_whole(f, &at, whole, places, before);
        bool nested = at.depth > 0, sized = nested && archive_entry_size_is_set(entry);
        if (sized && (uint64_t)archive_entry_size(entry) > most_unpacked)
            return leave_out(f, &place, "it and what follows it would unpack to more than 64 GB");
        if (status == LB_OK)
            status = judge_member(f, archive, entry, place);
    }
    if (status == LB_OK && more == 0)
        return judge_strays(f, archive, &at);
    return status < 0 ? status : leave_out_damaged(f, &at, &failure);
}

int lb_finder_archive(lb_finder *f, const char *file, const char *label) {
    lb_archive *archive;
    lb_error failure = {0};
    lb_place at = {.path = file,
                   .file = file,
                   .label = label,
                   .holder = lb_file_base_name(file),
                   .found = true};
    int status = lb_archive_open(&archive, file, &failure);
    if (status == LB_E_INPUT)
        return leave_out_damaged(f, &at, &failure);
    if (status < 0)
        return lb_finder_fail_memory(f);
    status = list_members(f, archive, at);
    lb_archive_free(archive);
    return status;
}
