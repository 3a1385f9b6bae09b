/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hw/host/web_files.h"

#include "hw/host/http.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILES = 1024, DEPTH = 8, LARGEST = 4 << 20 };

struct web_files {
    unsigned count;
    size_t root; /* length of the folder's own name */
    struct web_file file[FILES];
};

static bool read_all(const char *path, struct web_file *f)
{
    FILE *from = fopen(path, "re");
    if (!from)
        return false;
    f->bytes = malloc(f->size + 1);
    size_t got = f->bytes ? fread(f->bytes, 1, f->size + 1, from) : 0;
    bool whole = f->bytes && got == f->size && !ferror(from);
    if (f->bytes && got != f->size)
        errno = EIO;
    fclose(from);
    return whole;
}

static bool add_file(struct web_files *files, const char *path, size_t size)
{
    struct web_file *f = &files->file[files->count];
    const char *type = http_type(path);
    if (!type || size > LARGEST || files->count == FILES)
        return true;
    *f = (struct web_file){strdup(path + files->root), type, NULL, size};
    files->count++;
    return f->path && read_all(path, f);
}

static bool add_folder(struct web_files *files, const char *path, unsigned depth);

static bool add(struct web_files *files, const char *path, unsigned depth)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return true; /* a link that leads nowhere */
    if (S_ISDIR(status.st_mode))
        return depth == DEPTH || add_folder(files, path, depth + 1);
    return !S_ISREG(status.st_mode) || add_file(files, path, (size_t)status.st_size);
}

static bool add_folder(struct web_files *files, const char *path, unsigned depth)
{
    char name[PATH_MAX];
    DIR *folder = opendir(path);
    bool good = folder != NULL;
    for (struct dirent *d; good && (d = readdir(folder));)
        if (*d->d_name != '.' &&
            snprintf(name, sizeof name, "%s/%s", path, d->d_name) < (int)sizeof name)
            good = add(files, name, depth);
    if (folder)
        closedir(folder);
    return good;
}

struct web_files *web_files_read(const char *folder, struct error *error)
{
    struct web_files *files = calloc(1, sizeof *files);
    if (!files) {
        error_set(error, "the host is out of memory");
        return NULL;
    }
    files->root = strlen(folder);
    errno = ENOMEM;
    if (add_folder(files, folder, 0))
        return files;
    error_set(error, "%s: %s", folder, strerror(errno));
    web_files_free(files);
    return NULL;
}

void web_files_free(struct web_files *f)
{
    for (unsigned i = 0; f && i < f->count; i++) {
        free(f->file[i].path);
        free(f->file[i].bytes);
    }
    free(f);
}

const struct web_file *web_files_find(const struct web_files *f, const char *path)
{
    for (unsigned i = 0; i < f->count; i++)
        if (strcmp(f->file[i].path, path) == 0)
            return &f->file[i];
    return NULL;
}
