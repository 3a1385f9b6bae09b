/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The firmware configuration device. */
#include "hw/pc/fw_cfg.h"

#include <assert.h>
#include <string.h>

static void store_big(uint8_t *to, uint32_t value, unsigned bytes)
{
    while (bytes--) {
        to[bytes] = (uint8_t)value;
        value >>= 8;
    }
}

static struct fw_cfg_item *add(struct fw_cfg *s, uint16_t key)
{
    assert(s->count < FW_CFG_ITEMS);
    struct fw_cfg_item *item = &s->item[s->count++];
    *item = (struct fw_cfg_item){.key = key};
    return item;
}

void fw_cfg_add(struct fw_cfg *s, enum fw_cfg_key key, const void *bytes, size_t size)
{
    struct fw_cfg_item *item = add(s, (uint16_t)key);
    item->bytes = bytes;
    item->size = (uint32_t)size;
}

void fw_cfg_add_number(struct fw_cfg *s, enum fw_cfg_key key, uint32_t value)
{
    struct fw_cfg_item *item = add(s, (uint16_t)key);
    item->size = sizeof item->number;
    for (unsigned i = 0; i < sizeof item->number; i++)
        item->number[i] = (uint8_t)(value >> 8 * i);
}

/* The directory is a count and an entry a file: size, key, a reserved word, name; big-endian. */
void fw_cfg_add_file(struct fw_cfg *s, const char *name, const void *bytes, size_t size)
{
    enum { SIZE = 0, KEY = 4, NAME = 8, ENTRY = NAME + FW_CFG_NAME };
    uint8_t *entry = s->directory + 4 + s->files * (size_t)ENTRY;
    uint32_t key = FW_CFG_FIRST_FILE + s->files++;
    fw_cfg_add(s, (enum fw_cfg_key)key, bytes, size);
    store_big(s->directory, s->files, 4);
    store_big(entry + SIZE, (uint32_t)size, 4);
    store_big(entry + KEY, key, 2);
    memcpy(entry + NAME, name, strnlen(name, FW_CFG_NAME - 1));
}

void fw_cfg_init(struct fw_cfg *s)
{
    static const uint8_t signature[] = {'Q', 'E', 'M', 'U'};
    memset(s, 0, sizeof *s);
    fw_cfg_add(s, FW_CFG_SIGNATURE, signature, sizeof signature);
    fw_cfg_add_number(s, FW_CFG_ID, 1); /* no DMA */
    fw_cfg_add(s, FW_CFG_DIRECTORY, s->directory, sizeof s->directory);
}

/* What is not there, and what is beyond an item's end, reads as zeros. */
static uint8_t next_byte(struct fw_cfg *s)
{
    for (unsigned i = 0; i < s->count; i++) {
        const struct fw_cfg_item *item = &s->item[i];
        if (item->key == s->selected && s->offset < item->size)
            return (item->bytes ? item->bytes : item->number)[s->offset++];
    }
    return 0;
}

uint32_t fw_cfg_read(void *device, uint32_t offset, unsigned size)
{
    (void)size;
    return offset == 1 ? next_byte(device) : 0;
}

void fw_cfg_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct fw_cfg *s = device;
    if (offset != 0 || size != 2)
        return;
    s->selected = (uint16_t)value;
    s->offset = 0;
}

void fw_cfg_reset(void *device)
{
    struct fw_cfg *s = device;
    s->selected = FW_CFG_SIGNATURE;
    s->offset = 0;
}

static const struct state_field fields[] = {
    {NOT_STATE(fw_cfg, count)},
    {NOT_STATE(fw_cfg, files)},
    {NOT_STATE(fw_cfg, item)},
    {NOT_STATE(fw_cfg, directory)},
    {STATE(fw_cfg, selected)},
    {STATE(fw_cfg, offset)},
    {0},
};
static const struct state_table state = STATE_TABLE(fw_cfg, 1, fields);
const struct device fw_cfg_device = {.name = "fw-cfg", .reset = fw_cfg_reset, .state = &state};
