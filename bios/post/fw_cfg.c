/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the machine tells of itself by QEMU's configuration device, read byte by byte. */
#include "bios/post/post.h"

enum { SELECT = 0x510, DATA = 0x511, SIGNATURE = 0, DIRECTORY = 0x19, FILES_MOST = 256 };

static void read_on(void *to, u32 size)
{
    u16 port = DATA;
    __asm__ volatile("rep insb" : "+D"(to), "+c"(size) : "d"(port) : "memory");
}

void fw_cfg_read(u16 key, void *to, u32 size)
{
    outw(SELECT, key);
    read_on(to, size);
}

bool fw_cfg_present(void)
{
    char signature[4];
    fw_cfg_read(SIGNATURE, signature, sizeof signature);
    return memcmp(signature, "QEMU", sizeof signature) == 0;
}

static u32 big(const u8 *bytes, unsigned count)
{
    u32 value = 0;
    while (count--)
        value = value << 8 | *bytes++;
    return value;
}

bool fw_cfg_nth(const char *prefix, unsigned n, struct fw_cfg_entry *entry)
{
    struct {
        u8 size[4], key[2], reserved[2];
        char name[FW_CFG_FILE_NAME];
    } file = {0};
    u8 bytes[4] = {0};
    if (!fw_cfg_present())
        return false;
    fw_cfg_read(DIRECTORY, bytes, sizeof bytes);
    u32 count = big(bytes, 4);
    for (u32 i = 0; i < count && i < FILES_MOST; i++) {
        read_on(&file, sizeof file);
        file.name[FW_CFG_FILE_NAME - 1] = '\0';
        if (memcmp(file.name, prefix, strlen(prefix)) != 0 || n--)
            continue;
        entry->size = big(file.size, 4);
        entry->key = (u16)big(file.key, 2);
        memcpy(entry->name, file.name, sizeof entry->name);
        return true;
    }
    return false;
}

bool fw_cfg_find(const char *name, struct fw_cfg_entry *entry)
{
    for (unsigned n = 0; fw_cfg_nth(name, n, entry); n++)
        if (entry->name[strlen(name)] == '\0')
            return true;
    return false;
}

u32 fw_cfg_number(const char *name, u32 otherwise)
{
    struct fw_cfg_entry entry;
    u32 value = 0;
    if (!fw_cfg_find(name, &entry))
        return otherwise;
    fw_cfg_read(entry.key, &value, entry.size < sizeof value ? entry.size : sizeof value);
    return value;
}
