/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/hw/i82077_fixture.h"

#include "exec/memory.h"

struct timers *fdc_timers;
struct memory *fdc_memory;
struct i8237 fdc_dma[2];
static struct dma_pages pages;
struct i82077 fdc;
struct wire fdc_irq;
struct fake_disk fdc_disk;
uint8_t fdc_image[7680 * 512];

/* --- the host's side --- */

void fdc_out(unsigned offset, uint8_t value)
{
    i82077_write(&fdc, offset, value, 1);
}

uint8_t fdc_in(unsigned offset)
{
    return (uint8_t)i82077_read(&fdc, offset, 1);
}

void fdc_let_run(void)
{
    for (unsigned i = 0; i < 200; i++) {
        advance(fdc_timers, NS_PER_MS);
        while (fake_disk_deliver(&fdc_disk))
            ;
    }
}

void fdc_send(const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(fdc_in(STATUS) & 0xc0, 0x80);
        fdc_out(FIFO, (uint8_t)bytes[i]);
    }
}

/* The results are these, and no more. */
void fdc_expect(const char *bytes, size_t count)
{
    fdc_let_run();
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(fdc_in(STATUS) & 0xd0, 0xd0);
        ck_assert_uint_eq(fdc_in(FIFO), (uint8_t)bytes[i]);
    }
    ck_assert_uint_eq(fdc_in(STATUS), 0x80);
}

void fdc_set_up_dma(uint8_t mode, unsigned count)
{
    static const struct {
        uint8_t reg, value;
    } writes[] = {{10, 6}, {12, 0}, {4, BUFFER & 0xff}, {4, BUFFER >> 8 & 0xff}};
    for (unsigned i = 0; i < sizeof writes / sizeof *writes; i++)
        i8237_write(&fdc_dma[0], writes[i].reg, writes[i].value, 1);
    pages.page[1] = BUFFER >> 16;
    i8237_write(&fdc_dma[0], 11, mode | 2, 1);
    i8237_write(&fdc_dma[0], 5, (count - 1) & 0xff, 1);
    i8237_write(&fdc_dma[0], 5, (count - 1) >> 8, 1);
    i8237_write(&fdc_dma[0], 10, 2, 1);
}
void fdc_dma_in(unsigned count)
{
    fdc_set_up_dma(0x44, count);
}
void fdc_dma_out(unsigned count)
{
    fdc_set_up_dma(0x48, count);
}

void fdc_expect_memory(unsigned sector, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        ck_assert_uint_eq(memory_read(fdc_memory, BUFFER + i, 1), fdc_image[sector * 512 + i]);
}

void fdc_insert(size_t size)
{
    fake_disk_init(&fdc_disk, fdc_image, size);
    floppy_init(&fdc.unit[0].drive, &fdc_disk.disk);
}

void fdc_set_rate(uint8_t rate)
{
    i82077_write_rate(&fdc, 0, rate, 1);
}

void fdc_setup(void)
{
    const char *error = "";
    uint32_t random = 1;
    test_time = 0;
    fdc_timers = new_timers();
    fdc_memory = memory_create(1 << 20, &error);
    i8237_init(fdc_dma, fdc_memory, &pages);
    i8237_write(&fdc_dma[1], 11 << 1, 0xc0, 1);
    i8237_write(&fdc_dma[1], 10 << 1, 0, 1);
    i82077_init(&fdc, fdc_timers, wire_line(&fdc_irq),
                (struct irq_line){i8237_request, &fdc_dma[0], 2});
    const struct dma_client client = i82077_dma(&fdc);
    i8237_connect(&fdc_dma[0], 2, &client);
    for (unsigned i = 0; i < sizeof fdc_image; i++)
        fdc_image[i] = (uint8_t)next_random(&random);
    fdc_insert(KIB_1440);
    fdc_out(DOR, 0x1c);
    fdc_let_run();
    for (unsigned i = 0; i < 4; i++) {
        const char expected[] = {(char)(0xc0 | i), 0};
        SEND("\x08");
        fdc_expect(expected, 2);
    }
    fdc_set_rate(RATE_500K);
}

void fdc_teardown(void)
{
    i82077_reset(&fdc);
    memory_destroy(fdc_memory);
}

void fdc_seek(uint8_t track)
{
    const char bytes[] = {0x0f, 0, (char)track};
    const char expected[] = {0x20, (char)track};
    fdc_send(bytes, 3);
    fdc_let_run();
    ck_assert(fdc_irq.level);
    SEND("\x08");
    fdc_expect(expected, 2);
    ck_assert(!fdc_irq.level);
}
