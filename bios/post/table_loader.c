/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ACPI's tables as QEMU hands them over: files, and commands that say where they are to lie and
 * what of them is to be patched then, in the format of QEMU's bios-linker-loader.
 */
#include "bios/post/post.h"
#include "bios/post/tables.h"
#include "bios/tables/acpi.h"

extern u8 acpi_rsdp[ACPI_RSDP_SIZE];

enum { ALLOCATE = 1, ADD_POINTER = 2, ADD_CHECKSUM = 3, ZONE_LOW = 2, FILES = 8 };

struct command {
    u32 command;
    union {
        struct {
            char file[FW_CFG_FILE_NAME];
            u32 align;
            u8 zone;
        } PACKED allocate;
        struct {
            char file[FW_CFG_FILE_NAME], to[FW_CFG_FILE_NAME];
            u32 offset;
            u8 size;
        } PACKED pointer;
        struct {
            char file[FW_CFG_FILE_NAME];
            u32 offset, start, size;
        } PACKED checksum;
        u8 all[124];
    };
} PACKED;

static struct place {
    char name[FW_CFG_FILE_NAME];
    u8 *bytes;
    u32 size;
} places[FILES];
static unsigned count;

static struct place *find(const char *name)
{
    for (unsigned i = 0; i < count; i++)
        if (memcmp(places[i].name, name, FW_CFG_FILE_NAME) == 0)
            return &places[i];
    return NULL;
}

static bool fits(const struct place *p, u32 offset, u32 size)
{
    return p && offset <= p->size && size <= p->size - offset;
}

/* The low zone is for the RSDP alone; memory_reserve() gives whole pages. */
static void allocate(const struct command *c)
{
    struct fw_cfg_entry file;
    char name[FW_CFG_FILE_NAME];
    memcpy(name, c->allocate.file, sizeof name);
    name[sizeof name - 1] = '\0';
    if (count == FILES || !fw_cfg_find(name, &file))
        return;
    bool low = c->allocate.zone == ZONE_LOW;
    u32 address = low ? (u32)*IN_BIOS(acpi_rsdp) : memory_reserve(file.size, MAP_NVS);
    if (!address || (low && file.size > ACPI_RSDP_SIZE))
        return;
    struct place *p = &places[count++];
    memcpy(p->name, c->allocate.file, sizeof p->name);
    p->bytes = (u8 *)address;
    p->size = file.size;
    fw_cfg_read(file.key, p->bytes, file.size);
}

static void add_pointer(const struct command *c)
{
    struct place *p = find(c->pointer.file), *to = find(c->pointer.to);
    u32 value = 0;
    u8 size = c->pointer.size;
    if (size > 8 || !to || !fits(p, c->pointer.offset, size))
        return;
    memcpy(&value, p->bytes + c->pointer.offset, size < 4 ? size : 4);
    value += (u32)to->bytes;
    memcpy(p->bytes + c->pointer.offset, &value, size < 4 ? size : 4);
}

static void add_checksum(const struct command *c)
{
    struct place *p = find(c->checksum.file);
    if (!fits(p, c->checksum.start, c->checksum.size) || !fits(p, c->checksum.offset, 1))
        return;
    p->bytes[c->checksum.offset] = (u8)(p->bytes[c->checksum.offset] -
                                        table_sum(p->bytes + c->checksum.start, c->checksum.size));
}

static void act(const struct command *c)
{
    switch (c->command) {
    case ALLOCATE:
        return allocate(c);
    case ADD_POINTER:
        return add_pointer(c);
    case ADD_CHECKSUM:
        return add_checksum(c);
    default:
        return;
    }
}

bool acpi_load_given(void)
{
    static struct command commands[96];
    struct fw_cfg_entry file;
    if (!fw_cfg_find("etc/table-loader", &file) || file.size > sizeof commands)
        return false;
    fw_cfg_read(file.key, commands, file.size);
    for (u32 i = 0; i < file.size / sizeof *commands; i++)
        act(&commands[i]);
    return count;
}
