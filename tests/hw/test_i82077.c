/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The floppy disk controller with its DMA channel, by Intel's data sheet. */
#include "hw/i82077.h"
#include "tests/hw/fake_disk.h"
#include "tests/hw/fixture.h"

#include "exec/memory.h"

#include <errno.h>
#include <string.h>

enum { TRACK = 18, KIB_1440 = 2880 * 512, BUFFER = 0x20000 };

static struct timers *timers;
static struct memory *memory;
static struct i8237 dma[2];
static struct dma_pages pages;
static struct i82077 fdc;
static struct wire irq;
static struct fake_disk disk;
static uint8_t image[7680 * 512];

/* --- the host's side --- */

enum { DOR = 2, STATUS = 4, FIFO = 5 };

static void out(unsigned offset, uint8_t value)
{
    i82077_write(&fdc, offset, value, 1);
}

static uint8_t in(unsigned offset)
{
    return (uint8_t)i82077_read(&fdc, offset, 1);
}

static void let_run(void)
{
    for (unsigned i = 0; i < 200; i++) {
        advance(timers, NS_PER_MS);
        while (fake_disk_deliver(&disk))
            ;
    }
}

static void send(const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(in(STATUS)&0xc0, 0x80);
        out(FIFO, (uint8_t)bytes[i]);
    }
}
#define SEND(text) send(text, sizeof text - 1)

/* The results are these, and no more. */
static void expect(const char *bytes, size_t count)
{
    let_run();
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(in(STATUS)&0xd0, 0xd0);
        ck_assert_uint_eq(in(FIFO), (uint8_t)bytes[i]);
    }
    ck_assert_uint_eq(in(STATUS), 0x80);
}
#define EXPECT(text) expect(text, sizeof text - 1)

static void set_up_dma(uint8_t mode, unsigned count)
{
    static const struct {
        uint8_t reg, value;
    } writes[] = {{10, 6}, {12, 0}, {4, BUFFER & 0xff}, {4, BUFFER >> 8 & 0xff}};
    for (unsigned i = 0; i < sizeof writes / sizeof *writes; i++)
        i8237_write(&dma[0], writes[i].reg, writes[i].value, 1);
    pages.page[1] = BUFFER >> 16;
    i8237_write(&dma[0], 11, mode | 2, 1);
    i8237_write(&dma[0], 5, (count - 1) & 0xff, 1);
    i8237_write(&dma[0], 5, (count - 1) >> 8, 1);
    i8237_write(&dma[0], 10, 2, 1);
}
static void dma_in(unsigned count)
{
    set_up_dma(0x44, count);
}
static void dma_out(unsigned count)
{
    set_up_dma(0x48, count);
}

static void expect_memory(unsigned sector, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        ck_assert_uint_eq(memory_read(memory, BUFFER + i, 1), image[sector * 512 + i]);
}

static void insert(size_t size)
{
    fake_disk_init(&disk, image, size);
    floppy_init(&fdc.unit[0].drive, &disk.disk);
}

static void set_rate(uint8_t rate)
{
    i82077_write_rate(&fdc, 0, rate, 1);
}

static void setup(void)
{
    const char *error = "";
    uint32_t random = 1;
    test_time = 0;
    timers = new_timers();
    memory = memory_create(1 << 20, &error);
    i8237_init(dma, memory, &pages);
    i8237_write(&dma[1], 11 << 1, 0xc0, 1);
    i8237_write(&dma[1], 10 << 1, 0, 1);
    i82077_init(&fdc, timers, wire_line(&irq), (struct irq_line){i8237_request, &dma[0], 2});
    const struct dma_client client = i82077_dma(&fdc);
    i8237_connect(&dma[0], 2, &client);
    for (unsigned i = 0; i < sizeof image; i++)
        image[i] = (uint8_t)next_random(&random);
    insert(KIB_1440);
    out(DOR, 0x1c);
    let_run();
    for (unsigned i = 0; i < 4; i++) {
        const char expected[] = {(char)(0xc0 | i), 0};
        SEND("\x08");
        expect(expected, 2);
    }
    set_rate(RATE_500K);
}

static void teardown(void)
{
    i82077_reset(&fdc);
    memory_destroy(memory);
}

static void seek(uint8_t track)
{
    const char bytes[] = {0x0f, 0, (char)track};
    const char expected[] = {0x20, (char)track};
    send(bytes, 3);
    let_run();
    ck_assert(irq.level);
    SEND("\x08");
    expect(expected, 2);
    ck_assert(!irq.level);
}

/* --- registers and control commands --- */

START_TEST(reset_and_polling)
{
    out(DOR, 0x18);
    ck_assert_uint_eq(in(STATUS), 0);
    out(FIFO, 0x08); /* to nobody */
    out(DOR, 0x1c);
    ck_assert(!irq.level); /* not at once */
    let_run();
    ck_assert(irq.level);
    SEND("\x08");
    EXPECT("\xc0\x00");
    ck_assert(!irq.level);
    SEND("\x08");
    EXPECT("\xc1\x00");
    out(STATUS, 0x80); /* by the DSR */
    let_run();
    ck_assert(irq.level);
    for (unsigned i = 0; i < 4; i++) {
        SEND("\x08");
        let_run();
        ck_assert_uint_eq(in(FIFO), 0xc0 | i);
        in(FIFO);
    }
    SEND("\x08");
    EXPECT("\x80");
    out(DOR, 0x04); /* no gate to the bus */
    SEND("\x0f\x00\x05");
    let_run();
    ck_assert(!irq.level);
    out(DOR, 0x0c);
    ck_assert(irq.level);
    ck_assert_uint_eq(in(DOR), 0x0c);
    ck_assert_uint_eq(in(0), 0xff);
    out(3, 0xff);
    ck_assert_uint_eq(in(3), 3);
}
END_TEST

START_TEST(what_it_is)
{
    SEND("\x10");
    EXPECT("\x90");
    SEND("\x18"); /* PART ID is a later chip's */
    EXPECT("\x80");
    SEND("\x94");
    EXPECT("\x10");
    SEND("\x14");
    EXPECT("\x00");
    SEND("\x00");
    EXPECT("\x80");
    SEND("\x25"); /* WRITE with SK */
    EXPECT("\x80");
}
END_TEST

START_TEST(registers_are_dumped)
{
    SEND("\x03\xaf\x02");
    SEND("\x13\x00\x57\x11");
    SEND("\x12\x84");
    SEND("\x12\x03"); /* no OW: the drives stay */
    seek(7);
    SEND("\x94");
    EXPECT("\x10");
    SEND("\x0e");
    EXPECT("\x07\x00\x00\x00\xaf\x02\x00\x87\x57\x11");
    out(DOR, 0x18);
    out(DOR, 0x1c);
    let_run();
    for (unsigned i = 0; i < 4; i++) {
        SEND("\x08");
        in(FIFO);
        in(FIFO);
    }
    SEND("\x0e");
    EXPECT("\x00\x00\x00\x00\xaf\x02\x00\x84\x07\x11"); /* of what was locked */
    SEND("\x14");
    EXPECT("\x00");
    out(STATUS, 0x80);
    let_run();
    SEND("\x0e");
    EXPECT("\x00\x00\x00\x00\xaf\x02\x00\x04\x20\x00");
}
END_TEST

START_TEST(seeks)
{
    SEND("\x04\x00");
    EXPECT("\x38"); /* at track 0 */
    SEND("\x0f\x04\x2a");
    ck_assert_uint_eq(in(STATUS), 0x81);
    let_run();
    ck_assert_uint_eq(in(STATUS), 0x80);
    SEND("\x08");
    EXPECT("\x24\x2a");
    SEND("\x04\x04");
    EXPECT("\x2c");
    SEND("\xcf\x00\x05"); /* relative, inwards */
    let_run();
    SEND("\x08");
    EXPECT("\x20\x2f");
    SEND("\x8f\x00\x07");
    let_run();
    SEND("\x08");
    EXPECT("\x20\x28");
    ck_assert_uint_eq(fdc.unit[0].drive.track, 0x28);
    SEND("\x07\x00");
    let_run();
    SEND("\x08");
    EXPECT("\x20\x00");
    SEND("\x07\x01"); /* there is no drive */
    let_run();
    SEND("\x08");
    EXPECT("\x71\x00");
    SEND("\x04\x01");
    EXPECT("\x29");
}
END_TEST

/* Two drives seek at once; each end is told. */
START_TEST(overlapping_seeks)
{
    floppy_init(&fdc.unit[1].drive, NULL);
    SEND("\x0f\x00\x14");
    SEND("\x0f\x01\x03");
    ck_assert_uint_eq(in(STATUS), 0x83);
    let_run();
    SEND("\x08");
    EXPECT("\x20\x14");
    ck_assert(irq.level);
    SEND("\x08");
    EXPECT("\x21\x03");
    ck_assert(!irq.level);
}
END_TEST

static uint8_t dir(void)
{
    return (uint8_t)i82077_read_dir(&fdc, 0, 1);
}

START_TEST(disk_change_line)
{
    ck_assert_uint_eq(dir(), 0x80);
    seek(1);
    ck_assert_uint_eq(dir(), 0);
    ck_assert(i82077_change(&fdc, 0, NULL));
    ck_assert_uint_eq(dir(), 0x80);
    seek(2); /* with nothing in it */
    ck_assert_uint_eq(dir(), 0x80);
    ck_assert(i82077_change(&fdc, 0, &disk.disk));
    ck_assert_uint_eq(dir(), 0x80);
    seek(2); /* no step */
    ck_assert_uint_eq(dir(), 0x80);
    seek(1);
    ck_assert_uint_eq(dir(), 0);
    ck_assert(!i82077_change(&fdc, 1, &disk.disk)); /* no such drive */
    ck_assert(!i82077_change(&fdc, 2, NULL));
    out(DOR, 0x1d);
    ck_assert_uint_eq(dir(), 0);
}
END_TEST

/* --- reading --- */

START_TEST(reads_a_sector)
{
    seek(3);
    dma_in(512);
    SEND("\xe6\x04\x03\x01\x05\x02\x12\x1b\xff");
    ck_assert_uint_eq(in(STATUS), 0x10);
    let_run();
    ck_assert(irq.level);
    EXPECT("\x04\x00\x00\x03\x01\x06\x02");
    ck_assert(!irq.level);
    expect_memory((3 * 2 + 1) * TRACK + 4, 512);
}
END_TEST

/* From one side to the other; what follows the last is on the next cylinder. */
START_TEST(reads_both_sides)
{
    dma_in(36 * 512);
    SEND("\xc6\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x04\x00\x00\x01\x00\x01\x02");
    expect_memory(0, 36 * 512);
    dma_in(2 * 512);
    SEND("\xc6\x00\x00\x00\x12\x02\x12\x1b\xff");
    EXPECT("\x04\x00\x00\x00\x01\x02\x02");
    expect_memory(17, 1024);
}
END_TEST

START_TEST(partly_read)
{
    dma_in(100);
    SEND("\x46\x00\x00\x00\x12\x02\x12\x1b\xff");
    EXPECT("\x00\x00\x00\x01\x00\x01\x02");
    expect_memory(17, 100);
    ck_assert_uint_eq(memory_read(memory, BUFFER + 100, 4), 0);
}
END_TEST

/* Without a terminal count the end of the track is an error. */
START_TEST(end_of_cylinder)
{
    dma_in(4 * 512);
    SEND("\x46\x00\x00\x00\x11\x02\x12\x1b\xff");
    EXPECT("\x40\x80\x00\x01\x00\x01\x02");
    expect_memory(16, 1024);
}
END_TEST

START_TEST(sectors_that_are_not_there)
{
    dma_in(512);
    SEND("\x46\x00\x00\x00\x13\x02\x13\x1b\xff"); /* 19 of 18 */
    EXPECT("\x40\x04\x00\x00\x00\x13\x02");
    SEND("\x46\x00\x01\x00\x01\x02\x12\x1b\xff"); /* the head is elsewhere */
    EXPECT("\x40\x04\x10\x01\x00\x01\x02");
    SEND("\x46\x00\x00\x01\x01\x02\x12\x1b\xff"); /* the other side's ID */
    EXPECT("\x40\x04\x00\x00\x01\x01\x02");
    SEND("\x46\x00\x00\x00\x01\x03\x12\x1b\xff"); /* 1024 bytes */
    EXPECT("\x40\x04\x00\x00\x00\x01\x02");
    SEND("\x06\x00\x00\x00\x01\x02\x12\x1b\xff"); /* FM */
    EXPECT("\x40\x01\x00\x00\x00\x01\x02");
    set_rate(RATE_250K);
    SEND("\x46\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x40\x01\x00\x00\x00\x01\x02");
    set_rate(RATE_500K);
    out(DOR, 0x0c); /* the motor is off */
    SEND("\x46\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x40\x01\x00\x00\x00\x01\x02");
    out(DOR, 0x1c);
    SEND("\x46\x01\x00\x00\x01\x02\x12\x1b\xff"); /* no such drive */
    EXPECT("\x41\x01\x00\x00\x00\x01\x02");
}
END_TEST

START_TEST(errors_of_the_host)
{
    disk.error = EIO;
    dma_in(512);
    SEND("\x46\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x40\x20\x20\x00\x00\x01\x02");
    dma_out(512);
    disk.error = ENOSPC;
    SEND("\x45\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x40\x20\x20\x00\x00\x01\x02");
}
END_TEST

START_TEST(implied_seek)
{
    SEND("\x13\x00\x67\x00");
    dma_in(512);
    SEND("\x46\x00\x14\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x00\x00\x00\x14\x00\x02\x02");
    expect_memory(20 * 36, 512);
    SEND("\x0e");
    EXPECT("\x14\x00\x00\x00\x00\x00\x12\x00\x67\x00");
}
END_TEST

START_TEST(reads_ids)
{
    bool seen[TRACK + 1] = {false};
    seek(9);
    for (unsigned i = 0; i < 500; i++) {
        SEND("\x4a\x04");
        let_run();
        ck_assert(irq.level);
        ck_assert_uint_eq(in(FIFO), 4);
        for (unsigned k = 0; k < 2; k++)
            ck_assert_uint_eq(in(FIFO), 0);
        ck_assert_uint_eq(in(FIFO), 9);
        ck_assert_uint_eq(in(FIFO), 1);
        unsigned r = in(FIFO);
        ck_assert_uint_ge(r, 1);
        ck_assert_uint_le(r, TRACK);
        seen[r] = true;
        ck_assert_uint_eq(in(FIFO), 2);
        advance(timers, 7 * NS_PER_MS);
    }
    for (unsigned r = 1; r <= TRACK; r++)
        ck_assert(seen[r]);
    ck_assert(i82077_change(&fdc, 0, NULL));
    SEND("\x4a\x00");
    EXPECT("\x40\x01\x00\x00\x00\x00\x02");
}
END_TEST

START_TEST(reads_a_track)
{
    dma_in(18 * 512);
    SEND("\x42\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x00\x00\x00\x01\x00\x01\x02");
    expect_memory(0, 18 * 512);
    dma_in(18 * 512);
    SEND("\x42\x00\x00\x00\x07\x02\x02\x1b\xff"); /* two, from the index hole on; not number 7 */
    let_run();
    ck_assert_uint_eq(in(FIFO), 0);
    ck_assert_uint_eq(in(FIFO), 4);
    for (unsigned i = 0; i < 5; i++)
        in(FIFO);
    expect_memory(0, 1024);
}
END_TEST

START_TEST(verifies)
{
    SEND("\x56\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x00\x00\x00\x01\x00\x01\x02");
    ck_assert_uint_eq(disk.done, 18);
    SEND("\xd6\x80\x00\x00\x10\x02\x12\x1b\x05"); /* five sectors, over both sides */
    EXPECT("\x04\x00\x00\x00\x01\x03\x02");
    ck_assert_uint_eq(disk.done, 23);
    disk.error = EIO;
    SEND("\x56\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x40\x20\x20\x00\x00\x01\x02");
}
END_TEST

/* --- writing --- */

static void fill_memory(unsigned count, uint8_t from)
{
    for (unsigned i = 0; i < count; i++)
        memory_write(memory, BUFFER + i, (uint8_t)(from + i * 7), 1);
}

START_TEST(writes)
{
    fill_memory(1024, 3);
    dma_out(1024);
    seek(79);
    SEND("\x45\x04\x4f\x01\x11\x02\x12\x1b\xff");
    EXPECT("\x04\x00\x00\x50\x01\x01\x02");
    expect_memory(2878, 1024);
    image[2878 * 512 + 600] = 0x55;
    dma_out(10); /* the rest of the sector is zeros */
    SEND("\x45\x04\x4f\x01\x12\x02\x12\x1b\xff");
    EXPECT("\x04\x00\x00\x50\x01\x01\x02");
    expect_memory(2879, 10);
    for (unsigned i = 10; i < 512; i++)
        ck_assert_uint_eq(image[2879 * 512 + i], 0);
}
END_TEST

START_TEST(write_protection)
{
    uint8_t before = image[0];
    disk.disk.read_only = true;
    dma_out(512);
    SEND("\x45\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x40\x02\x00\x00\x00\x01\x02");
    SEND("\x4d\x00\x02\x12\x54\xf6");
    let_run();
    ck_assert_uint_eq(in(FIFO), 0x40);
    ck_assert_uint_eq(in(FIFO), 0x02);
    for (unsigned i = 0; i < 5; i++)
        in(FIFO);
    SEND("\x04\x00");
    EXPECT("\x78");
    ck_assert_uint_eq(image[0], before);
}
END_TEST

START_TEST(deleted_data)
{
    fill_memory(512, 9);
    dma_out(512);
    SEND("\x49\x00\x00\x00\x02\x02\x12\x1b\xff");
    EXPECT("\x00\x00\x00\x00\x00\x03\x02");
    dma_in(3 * 512);
    SEND("\x46\x00\x00\x00\x01\x02\x12\x1b\xff"); /* ends behind it */
    EXPECT("\x00\x00\x40\x00\x00\x03\x02");
    dma_in(2 * 512);
    SEND("\x66\x00\x00\x00\x01\x02\x12\x1b\xff"); /* skips it */
    EXPECT("\x00\x00\x40\x00\x00\x04\x02");
    for (unsigned i = 0; i < 512; i++)
        ck_assert_uint_eq(memory_read(memory, BUFFER + 512 + i, 1), image[2 * 512 + i]);
    dma_in(512);
    SEND("\x6c\x00\x00\x00\x01\x02\x12\x1b\xff"); /* skips the others */
    EXPECT("\x00\x00\x40\x00\x00\x03\x02");
    expect_memory(1, 512);
    dma_out(512);
    SEND("\x45\x00\x00\x00\x02\x02\x12\x1b\xff"); /* data again */
    EXPECT("\x00\x00\x00\x00\x00\x03\x02");
    dma_in(512);
    SEND("\x46\x00\x00\x00\x02\x02\x12\x1b\xff");
    EXPECT("\x00\x00\x00\x00\x00\x03\x02");
}
END_TEST

static void fill_ids(uint8_t cylinder, uint8_t head, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint32_t r = (i * 2) % count + (i >= count / 2) + 1; /* interleaved */
        memory_write(memory, BUFFER + 4 * i, cylinder | head << 8 | r << 16 | 2u << 24, 4);
    }
}

START_TEST(formats)
{
    uint8_t before = image[(5 * 2 + 1) * TRACK * 512 - 1];
    seek(5);
    fill_ids(5, 1, TRACK);
    dma_out(4 * TRACK);
    SEND("\x4d\x04\x02\x12\x54\xf6");
    let_run();
    ck_assert_uint_eq(in(FIFO), 0x04);
    for (unsigned i = 0; i < 6; i++)
        in(FIFO);
    for (unsigned i = 0; i < TRACK * 512; i++)
        ck_assert_uint_eq(image[(5 * 2 + 1) * TRACK * 512 + i], 0xf6);
    ck_assert_uint_eq(image[(5 * 2 + 1) * TRACK * 512 - 1], before);
    SEND("\x0e");
    EXPECT("\x05\x00\x00\x00\x00\x00\x12\x00\x20\x00");
    memory_write(memory, BUFFER, 0x02090105, 4);     /* sector 9 */
    memory_write(memory, BUFFER + 4, 0x02130105, 4); /* no image can have number 19 */
    dma_out(8);
    SEND("\x4d\x04\x02\x02\x54\x00");
    EXPECT("\x44\x04\x00\x05\x01\x13\x02");
    ck_assert_uint_eq(image[((5 * 2 + 1) * TRACK + 8) * 512], 0);
}
END_TEST

/* --- scanning --- */

static void copy_to_memory(unsigned sector, unsigned count)
{
    memory_copy_in(memory, BUFFER, image + sector * 512, count);
}

START_TEST(scans)
{
    copy_to_memory(2, 512);
    set_up_dma(0x58, 512); /* the same again and again */
    fdc.done = false;
    SEND("\x51\x00\x00\x00\x03\x02\x12\x1b\x01");
    EXPECT("\x00\x00\x08\x00\x00\x04\x02");
    memory_write(memory, BUFFER + 5, (image[2 * 512 + 5] + 1u) & 0xff, 1);
    dma_out(512);
    SEND("\x51\x00\x00\x00\x03\x02\x03\x1b\x01");
    EXPECT("\x00\x00\x04\x01\x00\x01\x02");
    memory_write(memory, BUFFER + 5, 0xff, 1); /* which fits everything */
    dma_out(512);
    SEND("\x51\x00\x00\x00\x03\x02\x03\x1b\x01");
    EXPECT("\x00\x00\x08\x01\x00\x01\x02");
    image[2 * 512] = 0x80;
    memory_write(memory, BUFFER, 0x81, 1);
    dma_out(512);
    SEND("\x59\x00\x00\x00\x03\x02\x03\x1b\x01"); /* low or equal */
    EXPECT("\x00\x00\x00\x01\x00\x01\x02");
    dma_out(512);
    SEND("\x5d\x00\x00\x00\x03\x02\x03\x1b\x01"); /* high or equal */
    EXPECT("\x00\x00\x04\x01\x00\x01\x02");
}
END_TEST

/* --- without DMA --- */

START_TEST(byte_by_byte)
{
    SEND("\x03\xaf\x03");
    SEND("\x46\x00\x00\x00\x12\x02\x12\x1b\xff");
    ck_assert_uint_eq(in(STATUS), 0x30);
    let_run();
    unsigned rises = irq.rises;
    for (unsigned i = 0; i < 512; i++) {
        ck_assert_uint_eq(in(STATUS), 0xf0);
        ck_assert(irq.level);
        ck_assert_uint_eq(in(FIFO), image[17 * 512 + i]);
    }
    ck_assert(!irq.level);
    ck_assert_uint_eq(irq.rises - rises, 511);
    EXPECT("\x40\x80\x00\x01\x00\x01\x02"); /* nobody tells it to stop */
    SEND("\x13\x00\x07\x00");               /* a FIFO of eight bytes */
    SEND("\x45\x00\x00\x00\x12\x02\x12\x1b\xff");
    let_run();
    rises = irq.rises;
    for (unsigned i = 0; i < 512; i++) {
        ck_assert_uint_eq(in(STATUS), 0xb0);
        out(FIFO, (uint8_t)(i * 3));
    }
    ck_assert_uint_eq(irq.rises - rises, 512 / 8 - 1);
    EXPECT("\x40\x80\x00\x01\x00\x01\x02");
    for (unsigned i = 0; i < 512; i++)
        ck_assert_uint_eq(image[17 * 512 + i], (uint8_t)(i * 3));
}
END_TEST

/* --- disks --- */

START_TEST(formats_by_size)
{
    static const struct {
        unsigned kib, cylinders, heads, track;
        enum floppy_type drive;
    } sizes[] = {
        {160, 40, 1, 8, FLOPPY_360K},    {180, 40, 1, 9, FLOPPY_360K},
        {320, 40, 2, 8, FLOPPY_360K},    {360, 40, 2, 9, FLOPPY_360K},
        {640, 80, 2, 8, FLOPPY_1440K},   {720, 80, 2, 9, FLOPPY_1440K},
        {820, 82, 2, 10, FLOPPY_1440K},  {1200, 80, 2, 15, FLOPPY_1200K},
        {1440, 80, 2, 18, FLOPPY_1440K}, {1680, 80, 2, 21, FLOPPY_1440K},
        {1722, 82, 2, 21, FLOPPY_1440K}, {2880, 80, 2, 36, FLOPPY_2880K},
        {1000, 80, 2, 18, FLOPPY_1440K}, {2000, 80, 2, 36, FLOPPY_2880K},
    };
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const struct floppy_format *f = floppy_format_of(sizes[i].kib * 1024ull);
        ck_assert_ptr_nonnull(f);
        ck_assert_uint_eq(f->cylinders, sizes[i].cylinders);
        ck_assert_uint_eq(f->heads, sizes[i].heads);
        ck_assert_uint_eq(f->track, sizes[i].track);
        ck_assert_int_eq(f->drive, sizes[i].drive);
        ck_assert_uint_eq(f->sectors, f->cylinders * f->heads * f->track);
    }
    for (uint64_t size = 512; size <= 3840 * 1024; size += 512) {
        const struct floppy_format *f = floppy_format_of(size);
        ck_assert(!f || f->sectors == f->cylinders * f->heads * f->track);
    }
    ck_assert_ptr_nonnull(floppy_format_of(512));
    ck_assert_ptr_null(floppy_format_of(0));
    ck_assert_ptr_null(floppy_format_of(4000 * 1024));
    ck_assert_ptr_null(floppy_format_of(UINT64_MAX));
}
END_TEST

/* A drive of 80 tracks and a disk of 40: two steps a track, and 300K. */
START_TEST(double_steps)
{
    insert(1200 * 1024);
    fake_disk_init(&disk, image, 360 * 1024);
    ck_assert(i82077_change(&fdc, 0, &disk.disk));
    set_rate(RATE_300K);
    seek(20);
    dma_in(512);
    SEND("\x46\x00\x0a\x00\x01\x02\x09\x1b\xff");
    EXPECT("\x00\x00\x00\x0a\x00\x02\x02");
    expect_memory(10 * 18, 512);
}
END_TEST

/* What an image lacks reads as zeros, and cannot be written. */
START_TEST(short_images)
{
    insert(512);
    dma_in(1024);
    SEND("\x46\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x00\x00\x00\x00\x00\x03\x02");
    expect_memory(0, 512);
    ck_assert_uint_eq(memory_read(memory, BUFFER + 512, 4), 0);
    dma_out(1024);
    SEND("\x45\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x40\x04\x00\x00\x00\x02\x02");
}
END_TEST

START_TEST(a_disk_taken_out_ends_its_command)
{
    dma_in(512);
    SEND("\x46\x00\x00\x00\x01\x02\x12\x1b\xff");
    advance(timers, NS_PER_MS);
    ck_assert_ptr_nonnull(disk.first);
    ck_assert(i82077_change(&fdc, 0, NULL));
    ck_assert_ptr_null(disk.first);
    EXPECT("\x40\x01\x00\x00\x00\x01\x02");
}
END_TEST

START_TEST(reset_ends_a_command)
{
    dma_in(512);
    SEND("\x46\x00\x00\x00\x01\x02\x12\x1b\xff");
    advance(timers, NS_PER_MS);
    ck_assert_ptr_nonnull(disk.first);
    out(DOR, 0x18);
    ck_assert_ptr_null(disk.first);
    out(DOR, 0x1c);
    let_run();
    ck_assert_uint_eq(in(STATUS), 0x80);
    ck_assert_uint_eq(memory_read(memory, BUFFER, 4), 0);
}
END_TEST

static void random_command(uint32_t *random)
{
    static const uint8_t codes[] = {0x46, 0xe6, 0x45, 0x4d, 0x4a, 0x42, 0x51, 0x59, 0x5d, 0x56,
                                    0x49, 0x4c, 0x07, 0x0f, 0x13, 0x03, 0x08, 0x0e, 0x94, 0xcf};
    out(FIFO, codes[next_random(random) % sizeof codes]);
    for (unsigned i = 0; i < 8; i++) {
        uint32_t r = next_random(random);
        out(FIFO, (uint8_t)(r & 0x700 ? r & 3 : r));
    }
}

START_TEST(hostile_guest)
{
    uint32_t random = (uint32_t)_i;
    for (unsigned i = 0; i < 20000; i++) {
        uint32_t r = next_random(&random);
        if (r % 16 == 0)
            random_command(&random);
        else if (r % 16 == 1)
            i8237_write(&dma[0], r >> 4 & 15, (uint8_t)(r >> 8), 1);
        else if (r % 16 == 2)
            set_up_dma((uint8_t)(r >> 4), (r >> 12 & 0xfff) + 1);
        else if (r % 256 == 3)
            i82077_change(&fdc, r >> 8 & 3, r & 0x1000 ? &disk.disk : NULL);
        else if (r % 16 < 8)
            out(r >> 4 & 7, (uint8_t)(r % 16 == 4 ? 0x1c : r >> 8));
        else
            in(r >> 4 & 7);
        advance(timers, next_random(&random));
        disk.error = r & 0x300000 ? 0 : EIO;
        if (r & 0x800000)
            fake_disk_deliver(&disk);
    }
}
END_TEST

Suite *i82077_suite(void)
{
    Suite *suite = suite_create("i82077");
    TCase *c = tcase_create("i82077");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, reset_and_polling);
    tcase_add_test(c, what_it_is);
    tcase_add_test(c, registers_are_dumped);
    tcase_add_test(c, seeks);
    tcase_add_test(c, overlapping_seeks);
    tcase_add_test(c, disk_change_line);
    tcase_add_test(c, reads_a_sector);
    tcase_add_test(c, reads_both_sides);
    tcase_add_test(c, partly_read);
    tcase_add_test(c, end_of_cylinder);
    tcase_add_test(c, sectors_that_are_not_there);
    tcase_add_test(c, errors_of_the_host);
    tcase_add_test(c, implied_seek);
    tcase_add_test(c, reads_ids);
    tcase_add_test(c, reads_a_track);
    tcase_add_test(c, verifies);
    tcase_add_test(c, writes);
    tcase_add_test(c, write_protection);
    tcase_add_test(c, deleted_data);
    tcase_add_test(c, formats);
    tcase_add_test(c, scans);
    tcase_add_test(c, byte_by_byte);
    tcase_add_test(c, formats_by_size);
    tcase_add_test(c, double_steps);
    tcase_add_test(c, short_images);
    tcase_add_test(c, a_disk_taken_out_ends_its_command);
    tcase_add_test(c, reset_ends_a_command);
    tcase_add_loop_test(c, hostile_guest, 1, 8);
    suite_add_tcase(suite, c);
    return suite;
}
