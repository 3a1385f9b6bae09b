/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An IDE channel with a disk: registers, commands, PIO, DMA, errors, hostile guests. */
#include "hw/disk/ide.h"
#include "tests/hw/fake_disk.h"
#include "tests/hw/fixture.h"

#include "exec/memory.h"

#include <errno.h>
#include <string.h>

enum { SECTORS = 1000, RAM = 4 << 20, TABLE = 0x1000, DATA_AT = 0x100000 };
enum { DATA, ERROR, COUNT, LOW, MID, HIGH, DEVICE, STATUS };
enum { BM_COMMAND = 0, BM_STATUS = 2, BM_TABLE = 4 };
enum { LBA = 0xe0, SLAVE = 0x10 };

static struct memory *memory;
static struct ide_channel channel;
static struct wire irq;
static struct fake_disk fake;
static uint8_t bytes[SECTORS * 512];

static void setup(void)
{
    const char *error = "";
    memory = memory_create(RAM, &error);
    ck_assert_ptr_nonnull(memory);
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i / 512 + i);
    fake_disk_init(&fake, bytes, sizeof bytes);
    ide_init(&channel, 0, memory, wire_line(&irq));
    ide_attach(&channel, 0, &fake.disk, false);
    ide_device.reset(&channel);
}

static void teardown(void)
{
    memory_destroy(memory);
}

/* --- a driver --- */

static uint32_t in(unsigned offset)
{
    return ide_read(&channel, offset, 1);
}

static void out(unsigned offset, uint32_t value)
{
    ide_write(&channel, offset, value, 1);
}

static void deliver(void)
{
    while (fake_disk_deliver(&fake))
        ;
}

/* Waits for the drive; its status, which ends the interrupt. */
static uint32_t status(void)
{
    deliver();
    return in(STATUS);
}

static void command(uint8_t code, uint32_t lba, unsigned count)
{
    out(DEVICE, LBA | (lba >> 24 & 15));
    out(COUNT, count);
    out(LOW, lba & 0xff);
    out(MID, lba >> 8 & 0xff);
    out(HIGH, lba >> 16 & 0xff);
    out(STATUS, code);
}

static void command_ext(uint8_t code, uint64_t lba, unsigned count)
{
    out(DEVICE, LBA);
    out(COUNT, count >> 8);
    out(COUNT, count & 0xff);
    for (unsigned i = 0; i < 3; i++) {
        out(LOW + i, lba >> (24 + 8 * i) & 0xff);
        out(LOW + i, lba >> 8 * i & 0xff);
    }
    out(STATUS, code);
}

static void take_words(uint8_t *to, unsigned size)
{
    for (unsigned i = 0; i < size; i += 2) {
        uint32_t word = ide_read(&channel, DATA, 2);
        memcpy(to + i, &word, 2);
    }
}

static void give_words(const uint8_t *from, unsigned size)
{
    for (unsigned i = 0; i < size; i += 2)
        ide_write(&channel, DATA, from[i] | (uint32_t)from[i + 1] << 8, 2);
}

static void expect_interrupt(void)
{
    deliver();
    ck_assert(irq.level);
}

/* --- registers --- */

START_TEST(a_reset_leaves_the_signature)
{
    out(COUNT, 5);
    ide_control_write(&channel, 0, 0x04, 1);
    ck_assert_uint_eq(ide_control_read(&channel, 0, 1), 0x80);
    ide_control_write(&channel, 0, 0x00, 1);
    ck_assert_uint_eq(in(STATUS), 0x50);
    ck_assert_uint_eq(in(ERROR), 1);
    ck_assert_uint_eq(in(COUNT) | in(LOW) << 8 | in(MID) << 16 | in(HIGH) << 24, 0x101);
    ck_assert(!irq.level);
}
END_TEST

START_TEST(registers_read_back)
{
    out(COUNT, 0x12);
    out(COUNT, 0x34);
    ck_assert_uint_eq(in(COUNT), 0x34);
    ide_control_write(&channel, 0, 0x80, 1); /* HOB: what was there before */
    ck_assert_uint_eq(in(COUNT), 0x12);
    out(LOW, 1); /* ends it */
    ck_assert_uint_eq(in(COUNT), 0x34);
    out(DEVICE, SLAVE);
    ck_assert_uint_eq(in(STATUS), 0); /* nobody */
    out(STATUS, 0xec);
    ck_assert_uint_eq(in(STATUS), 0);
    out(DEVICE, 0);
    ck_assert_uint_eq(in(DEVICE), 0xa0);
    ck_assert_uint_eq(ide_read(&channel, COUNT, 2), 0x0134);
}
END_TEST

START_TEST(interrupts)
{
    command(0x10, 0, 0);
    ck_assert(irq.level);
    ck_assert_uint_eq(ide_control_read(&channel, 0, 1), 0x50);
    ck_assert(irq.level);
    ck_assert_uint_eq(in(STATUS), 0x50);
    ck_assert(!irq.level);
    ide_control_write(&channel, 0, 0x02, 1); /* nIEN */
    command(0x10, 0, 0);
    ck_assert(!irq.level);
    ide_control_write(&channel, 0, 0x00, 1);
    ck_assert(irq.level);
    command(0x10, 0, 0);
    ck_assert_uint_eq(irq.rises, 3);
}
END_TEST

START_TEST(unknown_commands_are_aborted)
{
    static const uint8_t codes[] = {0x00, 0x01, 0xa0, 0xa1, 0xb0, 0xf5, 0xff};
    command(codes[_i], 0, 0);
    expect_interrupt();
    ck_assert_uint_eq(status(), 0x51);
    ck_assert_uint_eq(in(ERROR), 0x04);
}
END_TEST

START_TEST(diagnostic)
{
    out(DEVICE, SLAVE);
    out(STATUS, 0x90);
    ck_assert(irq.level);
    ck_assert_uint_eq(in(ERROR), 1);
    ck_assert_uint_eq(in(STATUS), 0x50);
}
END_TEST

/* --- identity --- */

static uint16_t identity[256];

static void identify(void)
{
    command(0xec, 0, 0);
    expect_interrupt();
    ck_assert_uint_eq(status(), 0x58);
    take_words((uint8_t *)identity, sizeof identity);
    ck_assert_uint_eq(status(), 0x50);
}

START_TEST(identifies_itself)
{
    uint8_t sum = 0;
    identify();
    for (unsigned i = 0; i < sizeof identity; i++)
        sum = (uint8_t)(sum + ((uint8_t *)identity)[i]);
    ck_assert_uint_eq(sum, 0);
    ck_assert_uint_eq(identity[60] | (uint32_t)identity[61] << 16, SECTORS);
    ck_assert_uint_eq(identity[100] | (uint32_t)identity[101] << 16, SECTORS);
    ck_assert_uint_eq(identity[3], 16);
    ck_assert_uint_eq(identity[5], 512); /* Bochs's BIOS reads so much */
    ck_assert_uint_eq(identity[27], 'T' << 8 | 'E');
    ck_assert_uint_eq(identity[63], 0x0407);
    ck_assert_uint_eq(identity[47], 0x8010);
    ck_assert_uint_eq(identity[59], 0x0110);
}
END_TEST

START_TEST(features)
{
    out(ERROR, 0x03);
    command(0xef, 0, 0x44);
    ck_assert_uint_eq(status(), 0x50);
    out(ERROR, 0x82);
    command(0xef, 0, 0);
    ck_assert_uint_eq(status(), 0x50);
    ck_assert_uint_eq(fake.flushes, 1);
    command(0xc6, 0, 4);
    ck_assert_uint_eq(status(), 0x50);
    identify();
    ck_assert_uint_eq(identity[88], 0x103f);
    ck_assert_uint_eq(identity[85] & 0x20, 0);
    ck_assert_uint_eq(identity[59], 0x0104);
    out(ERROR, 0x03);
    command(0xef, 0, 0x47); /* Ultra DMA 7 */
    ck_assert_uint_eq(status(), 0x51);
    command(0xc6, 0, 3);
    ck_assert_uint_eq(status(), 0x51);
    command(0xc6, 0, 32);
    ck_assert_uint_eq(status(), 0x51);
}
END_TEST

START_TEST(native_max)
{
    command(0xf8, 0, 0);
    ck_assert_uint_eq(in(LOW) | in(MID) << 8 | in(HIGH) << 16, SECTORS - 1);
    command_ext(0x27, 0, 0);
    ck_assert_uint_eq(in(LOW) | in(MID) << 8, SECTORS - 1);
    command(0xe5, 0, 0);
    ck_assert_uint_eq(in(COUNT), 0xff);
    command(0xe0, 0, 0);
    ck_assert_uint_eq(status(), 0x50);
    command(0xe5, 0, 0);
    ck_assert_uint_eq(in(COUNT), 0x00);
}
END_TEST

/* --- PIO --- */

static uint8_t read_back[SECTORS * 512];

/* Reads by PIO in blocks of so many sectors; each comes with an interrupt. */
static void read_blocks(unsigned count, unsigned block)
{
    for (unsigned done = 0; done < count; done += block) {
        unsigned n = count - done < block ? count - done : block;
        expect_interrupt();
        ck_assert_uint_eq(in(STATUS), 0x58);
        ck_assert(!irq.level);
        take_words(read_back + (size_t)done * 512, n * 512);
    }
    ck_assert_uint_eq(status(), 0x50);
}

static const struct {
    uint8_t code;
    bool ext;
    unsigned lba, count, block;
} reads[] = {
    {0x20, false, 7, 1, 1},   {0x21, false, 0, 40, 1},    {0x24, true, 700, 300, 1},
    {0xc4, false, 3, 37, 16}, {0x29, true, 744, 256, 16}, {0x20, false, 10, 0, 1},
};

START_TEST(sectors_are_read)
{
    unsigned count = reads[_i].count ? reads[_i].count : 256;
    if (reads[_i].ext)
        command_ext(reads[_i].code, reads[_i].lba, reads[_i].count);
    else
        command(reads[_i].code, reads[_i].lba, reads[_i].count);
    ck_assert_uint_eq(ide_control_read(&channel, 0, 1), 0x80);
    ck_assert(!irq.level);
    read_blocks(count, reads[_i].block);
    ck_assert_mem_eq(read_back, bytes + (size_t)reads[_i].lba * 512, (size_t)count * 512);
}
END_TEST

static const struct {
    uint8_t code;
    bool ext;
    unsigned block;
} writes[] = {{0x30, false, 1}, {0x34, true, 1},  {0xc5, false, 16},
              {0x39, true, 16}, {0x3c, false, 1}, {0xce, true, 16}};

START_TEST(sectors_are_written)
{
    enum { FIRST = 123, ALL = 21 };
    uint8_t data[ALL * 512];
    unsigned block = writes[_i].block;
    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7);
    if (writes[_i].ext)
        command_ext(writes[_i].code, FIRST, ALL);
    else
        command(writes[_i].code, FIRST, ALL);
    for (unsigned done = 0; done < ALL; done += block) {
        unsigned n = ALL - done < block ? ALL - done : block;
        ck_assert_uint_eq(in(STATUS), 0x58);
        give_words(data + (size_t)done * 512, n * 512);
        ck_assert_uint_eq(ide_control_read(&channel, 0, 1), 0x80);
        expect_interrupt();
    }
    ck_assert_uint_eq(status(), 0x50);
    ck_assert_mem_eq(bytes + (size_t)FIRST * 512, data, sizeof data);
    ck_assert_uint_eq(fake.flushes, writes[_i].code == 0xce);
}
END_TEST

START_TEST(without_a_cache_each_write_is_flushed)
{
    static const uint8_t sector[512];
    out(ERROR, 0x82);
    command(0xef, 0, 0);
    status();
    command(0x30, 1, 1);
    give_words(sector, sizeof sector);
    ck_assert_uint_eq(status(), 0x50);
    ck_assert_uint_eq(fake.flushes, 2);
    command(0xe7, 0, 0);
    ck_assert_uint_eq(status(), 0x50);
    ck_assert_uint_eq(fake.flushes, 3);
}
END_TEST

/* 128 GiB and more, which 28 bits do not reach: of the file nearly all is holes. */
START_TEST(beyond_28_bits)
{
    static const uint64_t places[] = {(UINT64_C(1) << 28) - 1, UINT64_C(1) << 28,
                                      (UINT64_C(1) << 28) + 5, (UINT64_C(1) << 32) + 3,
                                      (UINT64_C(1) << 33) - 2};
    enum { PLACES = sizeof places / sizeof *places };
    uint8_t data[PLACES][512];
    fake_disk_init_sparse(&fake, UINT64_C(1) << 42);
    for (unsigned i = 0; i < PLACES; i++) {
        memset(data[i], (int)(0x11 * (i + 1)), sizeof data[i]);
        command_ext(0x34, places[i], 1);
        give_words(data[i], sizeof data[i]);
        ck_assert_uint_eq(status(), 0x50);
    }
    for (unsigned i = 0; i < PLACES; i++) {
        command_ext(0x24, places[i], 1);
        read_blocks(1, 1);
        ck_assert_mem_eq(read_back, data[i], sizeof data[i]);
    }
    command_ext(0x24, 3, 1); /* where a number cut off to 28 or 32 bits would have led */
    read_blocks(1, 1);
    ck_assert_uint_eq(read_back[0], 0);
    command_ext(0x27, 0, 0); /* READ NATIVE MAX ADDRESS EXT */
    ide_control_write(&channel, 0, 0x80, 1);
    ck_assert_uint_eq(in(LOW) | in(MID) << 8 | in(HIGH) << 16, 0x0001ff);
    command_ext(0x24, UINT64_C(1) << 33, 1);
    ck_assert_uint_eq(status(), 0x51);
    ck_assert_uint_eq(in(ERROR), 0x10);
    fake_disk_end_sparse(&fake);
}
END_TEST

START_TEST(words_of_32_bits)
{
    command(0x20, 5, 1);
    status();
    for (unsigned i = 0; i < 512; i += 4) {
        uint32_t value = ide_read(&channel, DATA, 4);
        ck_assert_mem_eq(&value, bytes + 5 * 512 + i, 4);
    }
    ck_assert_uint_eq(in(STATUS), 0x50);
}
END_TEST

START_TEST(cylinders_heads_sectors)
{
    out(COUNT, 10); /* sectors a track */
    out(DEVICE, 3); /* the last head */
    out(STATUS, 0x91);
    ck_assert_uint_eq(status(), 0x50);
    out(COUNT, 1);
    out(LOW, 7);
    out(MID, 12);
    out(HIGH, 0);
    out(DEVICE, 2);
    out(STATUS, 0x20);
    read_blocks(1, 1);
    ck_assert_mem_eq(read_back, bytes + ((12 * 4 + 2) * 10 + 6) * 512, 512);
    out(LOW, 11); /* there are 10 */
    out(STATUS, 0x20);
    ck_assert_uint_eq(status(), 0x51);
    ck_assert_uint_eq(in(ERROR), 0x10);
    identify();
    ck_assert_uint_eq(identity[55], 4);
    ck_assert_uint_eq(identity[56], 10);
    ck_assert_uint_eq(identity[54], SECTORS / 40);
}
END_TEST

/* By the disk's partition table, also after a reset. */
START_TEST(geometry_of_the_disk)
{
    fake.disk.geometry = (struct disk_geometry){SECTORS / 36, 2, 18, true};
    ide_device.reset(&channel);
    identify();
    ck_assert_uint_eq(identity[1], SECTORS / 36);
    ck_assert_uint_eq(identity[3], 2);
    ck_assert_uint_eq(identity[4], 18 * 512);
    ck_assert_uint_eq(identity[6], 18);
    ck_assert_uint_eq(identity[54], SECTORS / 36);
    ck_assert_uint_eq(identity[55], 2);
    ck_assert_uint_eq(identity[56], 18);
    out(COUNT, 1);
    out(LOW, 7);
    out(MID, 12);
    out(HIGH, 0);
    out(DEVICE, 1);
    out(STATUS, 0x20);
    read_blocks(1, 1);
    ck_assert_mem_eq(read_back, bytes + ((12 * 2 + 1) * 18 + 6) * 512, 512);
}
END_TEST

START_TEST(buffer)
{
    uint8_t sector[512];
    memset(sector, 0x3c, sizeof sector);
    command(0xe8, 0, 0);
    ck_assert_uint_eq(in(STATUS), 0x58);
    give_words(sector, sizeof sector);
    ck_assert_uint_eq(status(), 0x50);
    command(0xe4, 0, 0);
    take_words(read_back, 512);
    ck_assert_mem_eq(read_back, sector, 512);
}
END_TEST

/* --- errors --- */

START_TEST(sectors_that_are_not_there)
{
    static const uint8_t codes[] = {0x20, 0x30, 0xc4, 0xc8, 0xca, 0x40};
    command(codes[_i], SECTORS - 1, 2);
    expect_interrupt();
    ck_assert_uint_eq(in(STATUS), 0x51);
    ck_assert_uint_eq(in(ERROR), 0x10);
    command_ext(0x24, (uint64_t)1 << 40, 1);
    ck_assert_uint_eq(status(), 0x51);
    ck_assert_uint_eq(fake.done, 0);
}
END_TEST

START_TEST(the_hosts_errors)
{
    static const uint8_t sector[512];
    fake.error = EIO;
    command(0x20, 77, 1);
    ck_assert_uint_eq(status(), 0x51);
    ck_assert_uint_eq(in(ERROR), 0x40);
    ck_assert_uint_eq(in(LOW), 77);
    command(0x30, 78, 1);
    give_words(sector, 512);
    ck_assert_uint_eq(status(), 0x51);
    ck_assert_uint_eq(in(ERROR), 0x10);
    fake.error = ENOSPC;
    command(0x30, 78, 1);
    give_words(sector, 512);
    ck_assert_uint_eq(status(), 0x71);
    ck_assert_uint_eq(in(ERROR), 0x04);
    fake.error = EROFS;
    command(0x30, 78, 1);
    give_words(sector, 512);
    ck_assert_uint_eq(status(), 0x51);
    ck_assert_uint_eq(in(ERROR), 0x44);
    fake.error = EIO;
    command(0xe7, 0, 0);
    ck_assert_uint_eq(status(), 0x71);
    fake.error = 0;
    command(0x20, 77, 1);
    read_blocks(1, 1);
}
END_TEST

START_TEST(a_reset_in_the_middle)
{
    command(0x20, 0, 1);
    out(STATUS, 0xec); /* it is busy */
    ck_assert_ptr_nonnull(fake.first);
    ide_control_write(&channel, 0, 0x04, 1);
    ide_control_write(&channel, 0, 0x00, 1);
    ck_assert_ptr_null(fake.first);
    ck_assert_uint_eq(in(STATUS), 0x50);
    command(0x20, 9, 1);
    read_blocks(1, 1);
    ck_assert_mem_eq(read_back, bytes + 9 * 512, 512);
}
END_TEST

/* --- DMA --- */

static void bm(unsigned offset, uint32_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        ide_master_write(&channel, offset + i, (uint8_t)(value >> 8 * i));
}

static void add_region(unsigned number, uint32_t address, uint32_t size, bool last)
{
    memory_write(memory, TABLE + 8 * number, address, 4);
    memory_write(memory, TABLE + 8 * number + 4, (size & 0xffff) | (last ? 0x80000000u : 0), 4);
}

/* In three regions, the second one 64 KiB. */
static void make_table(void)
{
    add_region(0, DATA_AT, 0x800, false);
    add_region(1, DATA_AT + 0x800, 0x10000, false);
    add_region(2, DATA_AT + 0x10800, 0xf800, true);
    bm(BM_TABLE, TABLE, 4);
}

static void check_memory(unsigned first, unsigned count)
{
    static uint8_t there[SECTORS * 512];
    ck_assert(memory_copy_out(memory, there, DATA_AT, (size_t)count * 512));
    ck_assert_mem_eq(there, bytes + (size_t)first * 512, (size_t)count * 512);
}

START_TEST(read_by_dma)
{
    make_table();
    if (_i & 1) /* either may be first */
        bm(BM_COMMAND, 0x09, 1);
    if (_i & 2)
        command_ext(0x25, 100, 256);
    else
        command(0xc8, 100, 0);
    if (!(_i & 1))
        bm(BM_COMMAND, 0x09, 1);
    ck_assert_uint_eq(ide_master_read(&channel, BM_STATUS), 0x01);
    expect_interrupt();
    ck_assert_uint_eq(ide_master_read(&channel, BM_STATUS), 0x04);
    ck_assert_uint_eq(status(), 0x50);
    check_memory(100, 256);
    bm(BM_STATUS, 0x64, 1);
    ck_assert_uint_eq(ide_master_read(&channel, BM_STATUS), 0x60);
}
END_TEST

START_TEST(write_by_dma)
{
    uint8_t data[256 * 512];
    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 3);
    ck_assert(memory_copy_in(memory, DATA_AT, data, sizeof data));
    make_table();
    if (_i)
        command_ext(0x3d, 500, 256); /* forced to the medium */
    else
        command(0xca, 500, 0);
    bm(BM_COMMAND, 0x01, 1);
    expect_interrupt();
    ck_assert_uint_eq(status(), 0x50);
    ck_assert_uint_eq(ide_master_read(&channel, BM_STATUS), 0x04);
    ck_assert_mem_eq(bytes + 500 * 512, data, sizeof data);
    ck_assert_uint_eq(fake.flushes, _i);
}
END_TEST

/* More than one chunk, and a table that has more than the drive. */
START_TEST(a_long_transfer)
{
    for (unsigned i = 0; i < 8; i++)
        add_region(i, DATA_AT + i * 0x10000, 0x10000, i == 7);
    bm(BM_TABLE, TABLE, 4);
    command_ext(0x25, 0, 900);
    bm(BM_COMMAND, 0x09, 1);
    expect_interrupt();
    ck_assert_uint_eq(ide_master_read(&channel, BM_STATUS), 0x05);
    ck_assert_uint_eq(status(), 0x50);
    check_memory(0, 900);
}
END_TEST

START_TEST(a_table_that_is_too_short)
{
    add_region(0, DATA_AT, 512, true);
    bm(BM_TABLE, TABLE, 4);
    command(0xc8, 0, 2);
    bm(BM_COMMAND, 0x09, 1);
    ck_assert_uint_eq(status(), 0x50);
    ck_assert_uint_eq(ide_master_read(&channel, BM_STATUS), 0x00);
    ck_assert(!irq.level);
    command(0x20, 1, 1);
    read_blocks(1, 1);
}
END_TEST

static const struct {
    uint32_t table, address;
} nowhere[] = {{0xfffffff8, 0}, {TABLE, 0xfffff000}, {TABLE, RAM - 512}, {0xc0000000, 0}};

START_TEST(a_table_that_leads_nowhere)
{
    add_region(0, nowhere[_i].address, 0, true);
    bm(BM_TABLE, nowhere[_i].table, 4);
    command(_i & 1 ? 0xc8 : 0xca, 0, 100);
    bm(BM_COMMAND, 0x09, 1);
    expect_interrupt();
    ck_assert_uint_eq(ide_master_read(&channel, BM_STATUS), 0x06);
    ck_assert_uint_eq(status(), 0x51);
}
END_TEST

START_TEST(the_master_is_stopped)
{
    make_table();
    command(0xc8, 0, 0);
    bm(BM_COMMAND, 0x09, 1);
    bm(BM_COMMAND, 0x08, 1);
    ck_assert_ptr_null(fake.first);
    ck_assert_uint_eq(status(), 0x58);
    bm(BM_COMMAND, 0x09, 1);
    expect_interrupt();
    check_memory(0, 256);
}
END_TEST

START_TEST(an_error_under_dma)
{
    make_table();
    fake.error = EIO;
    command(0xc8, 0, 8);
    bm(BM_COMMAND, 0x09, 1);
    expect_interrupt();
    ck_assert_uint_eq(ide_master_read(&channel, BM_STATUS), 0x05);
    ck_assert_uint_eq(status(), 0x51);
    ck_assert_uint_eq(in(ERROR), 0x40);
}
END_TEST

/* --- state --- */

/* While the disk has the request: it is made again, once. */
START_TEST(restored_in_the_middle)
{
    static uint8_t saved[1 << 16], data[8 * 512];
    struct error error = {""};
    static const uint8_t codes[] = {0x20, 0xc8, 0xca};
    memset(data, 0x77, sizeof data);
    make_table();
    command(codes[_i], 40, 8);
    bm(BM_COMMAND, 0x09, 1);
    if (codes[_i] == 0xca)
        ck_assert(memory_copy_in(memory, DATA_AT, data, sizeof data));
    size_t size = state_save(ide_device.state, &channel, saved, sizeof saved);
    ck_assert_uint_le(size, sizeof saved);
    deliver();
    ide_device.reset(&channel);
    ck_assert(state_restore(ide_device.state, &channel, saved, size, &error));
    ide_device.restored(&channel);
    expect_interrupt();
    if (codes[_i] == 0x20)
        read_blocks(8, 1);
    ck_assert_uint_eq(status(), 0x50);
    if (codes[_i] == 0xc8)
        check_memory(40, 8);
    if (codes[_i] == 0xca)
        ck_assert_mem_eq(bytes + 40 * 512, data, sizeof data);
}
END_TEST

/* --- hostile guests --- */

static void any_access(uint32_t *random)
{
    static const uint8_t codes[] = {0x20, 0x24, 0x25, 0x30, 0x34, 0x35, 0xc4, 0xc5,
                                    0xc8, 0xca, 0xec, 0xef, 0xe4, 0xe8, 0xc6, 0x91};
    uint32_t r = next_random(random), value = next_random(random);
    unsigned offset = r >> 8 & 7, size = 1u << (r >> 12 & 1);
    if ((r & 15) == 0)
        ide_control_write(&channel, 0, value & 0x86, 1);
    else if ((r & 15) == 1)
        bm(value & 7, value >> 8, 1);
    else if ((r & 15) == 2)
        out(STATUS, value & 0x100 ? codes[value & 15] : value & 0xff);
    else if ((r & 15) < 7)
        ide_write(&channel, offset, value & (value >> 12), offset ? 1 : size * 2);
    else if ((r & 15) < 12)
        ide_read(&channel, DATA, size * 2);
    else
        ide_read(&channel, offset, 1);
}

START_TEST(hostile_guest)
{
    uint32_t random = (uint32_t)_i;
    ide_attach(&channel, 1, &fake.disk, false);
    for (unsigned i = 0; i < 64; i++)
        add_region(i, next_random(&random), next_random(&random), i % 8 == 7);
    for (unsigned i = 0; i < 200000; i++) {
        any_access(&random);
        if (next_random(&random) % 4 == 0)
            fake_disk_deliver(&fake);
        fake.error = next_random(&random) % 64 ? 0 : EIO;
        if (i % 1024 == 0)
            bm(BM_TABLE, TABLE + 8 * (next_random(&random) % 64), 4);
        ck_assert_uint_le(channel.drive[0].stop, IDE_BUFFER);
    }
    ide_device.reset(&channel);
    fake.error = 0;
    command(0x20, 9, 1);
    read_blocks(1, 1);
}
END_TEST

Suite *ide_suite(void)
{
    Suite *suite = suite_create("ide");
    TCase *c = tcase_create("ide");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, a_reset_leaves_the_signature);
    tcase_add_test(c, registers_read_back);
    tcase_add_test(c, interrupts);
    tcase_add_loop_test(c, unknown_commands_are_aborted, 0, 7);
    tcase_add_test(c, diagnostic);
    tcase_add_test(c, identifies_itself);
    tcase_add_test(c, features);
    tcase_add_test(c, native_max);
    tcase_add_loop_test(c, sectors_are_read, 0, 6);
    tcase_add_loop_test(c, sectors_are_written, 0, 6);
    tcase_add_test(c, without_a_cache_each_write_is_flushed);
    tcase_add_test(c, beyond_28_bits);
    tcase_add_test(c, words_of_32_bits);
    tcase_add_test(c, cylinders_heads_sectors);
    tcase_add_test(c, geometry_of_the_disk);
    tcase_add_test(c, buffer);
    tcase_add_loop_test(c, sectors_that_are_not_there, 0, 6);
    tcase_add_test(c, the_hosts_errors);
    tcase_add_test(c, a_reset_in_the_middle);
    tcase_add_loop_test(c, read_by_dma, 0, 4);
    tcase_add_loop_test(c, write_by_dma, 0, 2);
    tcase_add_test(c, a_long_transfer);
    tcase_add_test(c, a_table_that_is_too_short);
    tcase_add_loop_test(c, a_table_that_leads_nowhere, 0, 4);
    tcase_add_test(c, the_master_is_stopped);
    tcase_add_test(c, an_error_under_dma);
    tcase_add_loop_test(c, restored_in_the_middle, 0, 3);
    tcase_add_loop_test(c, hostile_guest, 1, 5);
    suite_add_tcase(suite, c);
    return suite;
}
