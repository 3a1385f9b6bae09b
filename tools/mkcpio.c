/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes an initial file system of one program: /init and the /dev/console that it writes to.
 * The format is cpio's "newc" (Linux, Documentation/driver-api/early-userspace/buffer-format).
 *   mkcpio PROGRAM > initrd.cpio
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MODE_FOLDER = 0040755, MODE_CHARACTER = 0020600, MODE_PROGRAM = 0100755 };
enum { CONSOLE_MAJOR = 5, CONSOLE_MINOR = 1 };

static void put_padding(size_t written)
{
    for (; written % 4; written++)
        putchar(0);
}

static void put_entry(const char *name, unsigned mode, unsigned major, unsigned minor,
                      const void *data, size_t size)
{
    static unsigned inode = 1;
    size_t name_size = strlen(name) + 1;
    int header =
        printf("070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", inode++, mode, 0u, 0u,
               1u, 0u, (unsigned)size, 0u, 0u, major, minor, (unsigned)name_size, 0u);
    fwrite(name, 1, name_size, stdout);
    put_padding((size_t)header + name_size);
    if (size)
        fwrite(data, 1, size, stdout);
    put_padding(size);
}

static void *read_file(const char *name, size_t *size)
{
    enum { LIMIT = 16 << 20 };
    FILE *file = fopen(name, "rb");
    char *data = malloc(LIMIT);
    if (file && data) {
        *size = fread(data, 1, LIMIT, file);
        if (!ferror(file) && feof(file)) {
            fclose(file);
            return data;
        }
    }
    fprintf(stderr, "mkcpio: %s: cannot read it whole\n", name);
    exit(1);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: mkcpio PROGRAM > initrd.cpio\n");
        return 1;
    }
    size_t size = 0;
    void *program = read_file(argv[1], &size);
    put_entry("dev", MODE_FOLDER, 0, 0, NULL, 0);
    put_entry("dev/console", MODE_CHARACTER, CONSOLE_MAJOR, CONSOLE_MINOR, NULL, 0);
    put_entry("init", MODE_PROGRAM, 0, 0, program, size);
    put_entry("TRAILER!!!", 0, 0, 0, NULL, 0);
    free(program);
    return fflush(stdout) || ferror(stdout);
}
