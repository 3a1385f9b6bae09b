/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A folder's files, all of them read into memory beforehand: in the sandbox none can be opened, and
 * what is not in the list cannot be asked for by any path.
 */
#ifndef HW_HOST_WEB_FILES_H
#define HW_HOST_WEB_FILES_H

#include "hw/host/error.h"

#include <stddef.h>

struct web_files;

struct web_file {
    char *path; /* "/app/ui.js" */
    const char *type;
    char *bytes;
    size_t size;
};

/* Those that belong to a page, by their names. */
struct web_files *web_files_read(const char *folder, struct error *error);
void web_files_free(struct web_files *f);
/* NULL if there is none. */
const struct web_file *web_files_find(const struct web_files *f, const char *path);

#endif
