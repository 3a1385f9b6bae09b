/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The environment and the whole state of the x87 in memory, in their four formats: 16 or 32 bits,
 * for protected mode or for real-address and virtual-8086 mode (SDM vol. 1, figures 8-9 to 8-12).
 */
#include "exec/i386/fpu_internal.h"
#include "exec/i386/i386.h"

#include <string.h>

enum { WORDS = 7, ST_SIZE = 80 };

static bool has_selectors(const struct cpu *cpu)
{
    return (cpu_mode(cpu) & (MODE_PE | MODE_VM)) == MODE_PE;
}

static unsigned environment_size(u32 insn)
{
    return insn & X87_OPSIZE16 ? 2 * WORDS : 4 * WORDS;
}

/* --- storing --- */

/* Pointers as linear addresses; the upper bits share a word with the opcode. */
static void put_linear(const struct fpu_last *f, u32 *words, bool is16)
{
    u32 code = f->code_offset + (f->code_selector << 4);
    u32 data = f->data_offset + (f->data_selector << 4);

    words[3] = code & 0xffff;
    words[4] = (code >> 16 << 12 & (is16 ? 0xf000 : 0xfffffff)) | f->opcode;
    words[5] = data & 0xffff;
    words[6] = data >> 16 << 12 & (is16 ? 0xf000 : 0xfffffff);
}

static void put_selectors(const struct fpu_last *f, u32 *words, bool is16)
{
    words[3] = f->code_offset;
    words[4] = f->code_selector | (is16 ? 0 : (u32)f->opcode << 16);
    words[5] = f->data_offset;
    words[6] = f->data_selector | (is16 ? 0 : 0xffff0000);
}

/* Makes FNSTENV's image; of words of 16 bits only the lower halves matter. */
static void make_image(struct cpu *cpu, const struct fpu_environment *e, u8 *image, u32 insn)
{
    bool is16 = insn & X87_OPSIZE16;
    struct fpu_last last = fpu_last(cpu);
    u32 words[WORDS] = {
        cpu->fpu.control | 0xffff0000,
        fpu_status(cpu) | 0xffff0000,
        e->tags | 0xffff0000,
    };

    if (has_selectors(cpu))
        put_selectors(&last, words, is16);
    else
        put_linear(&last, words, is16);
    for (unsigned i = 0; i < WORDS; i++)
        memcpy(image + i * (is16 ? 2 : 4), &words[i], is16 ? 2 : 4);
}

/* Host memory behind an image, or NULL if it must be written or read piece by piece. */
static u8 *image_span(struct cpu *cpu, unsigned size, enum access access)
{
    bool crosses = (cpu->regs[T0] & PAGE_MASK) + size > PAGE_SIZE;

    return crosses ? NULL : mem_span(cpu, cpu->regs[T0], access);
}

/* An image is made of words as its environment is (SDM vol. 3, table 6-7). */
static unsigned unit(u32 insn)
{
    return insn & X87_OPSIZE16 ? 2 : 4;
}

void fpu_write_image(struct cpu *cpu, const void *image, unsigned size, unsigned unit)
{
    const u8 *bytes = image;
    u8 *host = image_span(cpu, size, ACCESS_WRITE);

    if (host) {
        memcpy(host, image, size);
        return;
    }
    mem_probe(cpu, cpu->regs[T0], size, ACCESS_WRITE, cpu->cpl == 3);
    mem_require_aligned(cpu, cpu->regs[T0], unit);
    for (unsigned i = 0; i < size; i += 2) {
        u16 half;
        memcpy(&half, bytes + i, sizeof half);
        mem_write(cpu, cpu->regs[T0] + i, half, 2);
    }
}

void fpu_store_environment(struct cpu *cpu, u32 insn)
{
    struct fpu_environment e = host_environment();
    u8 image[4 * WORDS];

    make_image(cpu, &e, image, insn);
    fpu_write_image(cpu, image, environment_size(insn), unit(insn));
    fpu_set_control(cpu, cpu->fpu.control | X87_EXCEPTIONS);
    cpu_update_mode(cpu);
}

/* Without the initialization that follows. */
void fpu_save(struct cpu *cpu, u32 insn)
{
    struct fpu_state s;
    unsigned size = environment_size(insn);
    u8 image[FPU_IMAGE];

    host_save(&s);
    host_restore(&s);
    make_image(cpu, &s.environment, image, insn);
    memcpy(image + size, s.st, ST_SIZE);
    fpu_write_image(cpu, image, size + ST_SIZE, unit(insn));
}

/* --- loading --- */

static struct fpu_last get_linear(const u32 *words, bool is16)
{
    u32 mask = is16 ? 0xf : 0xffff;

    return (struct fpu_last){
        .code_offset = (words[3] & 0xffff) | (words[4] >> 12 & mask) << 16,
        .opcode = (u16)words[4],
        .data_offset = (words[5] & 0xffff) | (words[6] >> 12 & mask) << 16,
    };
}

/* The 16-bit format has no opcode. */
static struct fpu_last get_selectors(const u32 *words)
{
    return (struct fpu_last){
        .code_offset = words[3],
        .code_selector = (u16)words[4],
        .opcode = (u16)(words[4] >> 16),
        .data_offset = words[5],
        .data_selector = (u16)words[6],
    };
}

void fpu_read_image(struct cpu *cpu, void *image, unsigned size, unsigned unit)
{
    u8 *bytes = image;
    const u8 *host = image_span(cpu, size, ACCESS_READ);

    if (host) {
        memcpy(image, host, size);
        return;
    }
    mem_probe(cpu, cpu->regs[T0], size, ACCESS_READ, cpu->cpl == 3);
    mem_require_aligned(cpu, cpu->regs[T0], unit);
    for (unsigned i = 0; i < size; i += 2) {
        u16 half = (u16)mem_read(cpu, cpu->regs[T0] + i, 2);
        memcpy(bytes + i, &half, sizeof half);
    }
}

/* Takes FLDENV's image apart: part goes to cpu->fpu, the rest is for the host. */
static struct fpu_environment take_image(struct cpu *cpu, const u8 *image, u32 insn)
{
    bool is16 = insn & X87_OPSIZE16;
    u32 words[WORDS] = {0};

    for (unsigned i = 0; i < WORDS; i++)
        memcpy(&words[i], image + i * (is16 ? 2 : 4), is16 ? 2 : 4);
    fpu_set_last(cpu, has_selectors(cpu) ? get_selectors(words) : get_linear(words, is16));
    cpu->fpu.control = X87_CONTROL_WORD(words[0]);
    cpu->fpu.host_control = cpu->fpu.control | X87_EXCEPTIONS;
    return (struct fpu_environment){
        .control = cpu->fpu.host_control,
        .status = words[1] & 0xffff & ~(u32)(FPU_ES | FPU_B),
        .tags = words[2] & 0xffff,
    };
}

void fpu_load_environment(struct cpu *cpu, u32 insn)
{
    u8 image[4 * WORDS];
    struct fpu_environment e;

    fpu_read_image(cpu, image, environment_size(insn), unit(insn));
    e = take_image(cpu, image, insn);
    host_set_environment(&e);
    cpu_update_mode(cpu);
}

void fpu_restore(struct cpu *cpu, u32 insn)
{
    unsigned size = environment_size(insn);
    u8 image[FPU_IMAGE];
    struct fpu_state s;

    fpu_read_image(cpu, image, size + ST_SIZE, unit(insn));
    s.environment = take_image(cpu, image, insn);
    memcpy(s.st, image + size, ST_SIZE);
    host_restore(&s);
    cpu_update_mode(cpu);
}
