/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * x86_64.c: the x86-64 host.
 *
 * libopcodes says whether bytes are an instruction, how long it is and how it reads. Where its
 * operand fields are, it does not say: that is found here from the encoding (prefixes, opcode,
 * ModRM, SIB, displacement; what then is left of the length is the immediate).
 */
#define PACKAGE "dyngen" /* bfd.h insists */
#include "dyngen/host.h"
#include "dyngen/model.h"
#include <bfd.h>
#include <dis-asm.h>
#include <elf.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { RSP = 4 };
enum { MAP_ONE, MAP_0F, MAP_0F38, MAP_0F3A };

/* An instruction taken apart. */
struct parts {
    bool p66, p67, rex_w, evex, vex;
    uint8_t rex; /* its R, X and B bits as in a REX prefix */
    int map;
    uint8_t opcode, opcode_at;
    bool has_modrm;
    uint8_t mod, reg, rm; /* reg and rm with REX bits; rm is only a register if mod is 3 */
    int base, index;      /* of a memory operand; -1: none */
    bool rip;
    uint8_t disp_at, disp_size, imm_at, imm_size;
    int64_t disp, imm;
};

struct line {
    char text[160];
    size_t length;
};

static int append(struct line *line, const char *format, va_list args)
{
    size_t room = sizeof line->text - line->length;
    int n = vsnprintf(line->text + line->length, room, format, args);
    if (n > 0)
        line->length += (size_t)n < room ? (size_t)n : room - 1;
    return n;
}

static int print(void *stream, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = append(stream, format, args);
    va_end(args);
    return n;
}

static int print_styled(void *stream, enum disassembler_style style, const char *format, ...)
{
    (void)style;
    va_list args;
    va_start(args, format);
    int n = append(stream, format, args);
    va_end(args);
    return n;
}

static void print_address(bfd_vma address, disassemble_info *info)
{
    print(info->stream, "0x%llx", (unsigned long long)address);
}

static void memory_error(int status, bfd_vma address, disassemble_info *info)
{
    (void)status, (void)address, (void)info;
}

/* The length of the instruction, and its text; 0 if there is none. */
static int disassemble(const uint8_t *code, uint32_t size, uint32_t at, struct line *line)
{
    static disassemble_info info;
    static disassembler_ftype decode;
    if (!decode) {
        init_disassemble_info(&info, NULL, print, print_styled);
        info.arch = bfd_arch_i386;
        info.mach = bfd_mach_x86_64;
        info.endian = BFD_ENDIAN_LITTLE;
        info.read_memory_func = buffer_read_memory;
        info.memory_error_func = memory_error;
        info.print_address_func = print_address;
        disassemble_init_for_target(&info);
        decode = disassembler(bfd_arch_i386, false, bfd_mach_x86_64, NULL);
        if (!decode)
            return 0;
    }
    line->length = 0;
    line->text[0] = 0;
    info.stream = line;
    info.buffer = (bfd_byte *)code;
    info.buffer_length = size;
    int length = decode(at, &info);
    if (length <= 0 || length > 15 || (uint32_t)length > size - at || strstr(line->text, "(bad)") ||
        line->text[0] == '.')
        return 0;
    while (line->length && line->text[line->length - 1] == ' ')
        line->text[--line->length] = 0;
    return length;
}

static bool modrm_in_map_one(uint8_t op)
{
    if (op < 0x40)
        return (op & 7) < 4;
    return op == 0x63 || op == 0x69 || op == 0x6b || (op >= 0x80 && op <= 0x8f) ||
           (op & 0xfe) == 0xc0 || (op & 0xfe) == 0xc6 || (op & 0xfc) == 0xd0 || op >= 0xfe ||
           (op & 0xf8) == 0xd8 || (op & 0xfe) == 0xf6;
}

static bool modrm_in_map_0f(uint8_t op)
{
    bool none = (op >= 0x05 && op <= 0x09) || op == 0x0b || op == 0x0e ||
                (op >= 0x30 && op <= 0x37) || op == 0x77 || (op & 0xf0) == 0x80 ||
                (op >= 0xa0 && op <= 0xa2) || (op >= 0xa8 && op <= 0xaa) || (op & 0xf8) == 0xc8;
    return !none;
}

static int64_t little(const uint8_t *p, unsigned size)
{
    uint64_t v = 0;
    for (unsigned i = size; i--;)
        v = v << 8 | p[i];
    unsigned spare = 64 - 8 * size;
    return size == 0 ? 0 : size >= 8 ? (int64_t)v : (int64_t)(v << spare) >> spare;
}

/* Prefixes and opcode; the offset after them, or 0. */
static unsigned split_opcode(const uint8_t *p, unsigned size, struct parts *x)
{
    unsigned i = 0;
    for (; i < size; i++) {
        if (p[i] == 0x66)
            x->p66 = true;
        else if (p[i] == 0x67)
            x->p67 = true;
        else if (p[i] != 0x2e && p[i] != 0x36 && p[i] != 0x3e && p[i] != 0x26 && p[i] != 0x64 &&
                 p[i] != 0x65 && p[i] != 0xf0 && p[i] != 0xf2 && p[i] != 0xf3)
            break;
    }
    if (i + 1 < size && (p[i] & 0xf0) == 0x40) {
        x->rex = p[i] & 7;
        x->rex_w = p[i++] & 8;
    }
    unsigned left = size - i;
    if (left >= 3 && p[i] == 0xc5) {
        x->vex = true;
        x->rex = p[i + 1] & 0x80 ? 0 : 4;
        x->map = MAP_0F;
        i += 2;
    } else if ((left >= 4 && p[i] == 0xc4) || (left >= 5 && p[i] == 0x62)) {
        x->vex = true;
        x->evex = p[i] == 0x62;
        x->rex = (uint8_t)(~p[i + 1] >> 5 & 7);
        x->map = p[i + 1] & (x->evex ? 7 : 0x1f);
        x->rex_w = p[i + 2] & 0x80;
        i += x->evex ? 4 : 3;
        if (x->map < MAP_0F || x->map > MAP_0F3A)
            return 0;
    } else if (left >= 2 && p[i] == 0x0f) {
        i++;
        x->map = MAP_0F;
        if (left >= 3 && (p[i] == 0x38 || p[i] == 0x3a))
            x->map = p[i++] == 0x38 ? MAP_0F38 : MAP_0F3A;
    }
    if (i >= size)
        return 0;
    x->opcode_at = (uint8_t)i;
    x->opcode = p[i++];
    x->has_modrm = x->map == MAP_ONE  ? modrm_in_map_one(x->opcode)
                   : x->map == MAP_0F ? modrm_in_map_0f(x->opcode)
                                      : true;
    return i;
}

/* ModRM, SIB and the displacement's place; the offset after ModRM and SIB, or 0. */
static unsigned split_modrm(const uint8_t *p, unsigned size, unsigned i, struct parts *x)
{
    if (i >= size)
        return 0;
    uint8_t modrm = p[i++];
    x->mod = modrm >> 6;
    x->reg = (uint8_t)((modrm >> 3 & 7) | (x->rex & 4) << 1);
    x->rm = (uint8_t)((modrm & 7) | (x->rex & 1) << 3);
    if (x->mod == 3)
        return i;
    x->base = x->rm;
    x->disp_size = x->mod == 1 ? 1 : x->mod == 2 ? 4 : 0;
    if ((modrm & 7) == 4) {
        if (i >= size)
            return 0;
        uint8_t sib = p[i++];
        x->index = (sib >> 3 & 7) | (x->rex & 2) << 2;
        if (x->index == 4)
            x->index = -1;
        x->base = (sib & 7) | (x->rex & 1) << 3;
        if (x->mod == 0 && (sib & 7) == 5) {
            x->base = -1;
            x->disp_size = 4;
        }
    } else if (x->mod == 0 && (modrm & 7) == 5) {
        x->base = -1;
        x->rip = true;
        x->disp_size = 4;
    }
    return i;
}

static bool split(const uint8_t *p, unsigned size, struct parts *x)
{
    *x = (struct parts){.base = -1, .index = -1};
    unsigned i = split_opcode(p, size, x);
    if (i && x->has_modrm)
        i = split_modrm(p, size, i, x);
    if (!i || i + x->disp_size > size || size - i - x->disp_size > 8)
        return false;
    if (x->map == MAP_ONE && x->opcode == 0x8f && (x->reg & 7))
        return false; /* AMD's XOP, which has a fourth way to place its fields */
    if (x->rip && x->p67)
        return false; /* an address near the code, cut to 32 bits */
    x->disp_at = (uint8_t)i;
    x->disp = little(p + i, x->disp_size);
    x->imm_at = (uint8_t)(i + x->disp_size);
    x->imm_size = (uint8_t)(size - x->imm_at);
    x->imm = little(p + x->imm_at, x->imm_size);
    return true;
}

static bool is_one(const struct parts *x, uint8_t first, uint8_t last)
{
    return x->map == MAP_ONE && x->opcode >= first && x->opcode <= last;
}

static bool is_0f(const struct parts *x, uint8_t first, uint8_t last)
{
    return x->map == MAP_0F && !x->vex && x->opcode >= first && x->opcode <= last;
}

/* One of an opcode group, named by the reg field of ModRM. */
static bool is_group(const struct parts *x, uint8_t opcode, uint8_t reg)
{
    return is_one(x, opcode, opcode) && (x->reg & 7) == reg;
}

static bool is_returning(const struct parts *x)
{
    return is_one(x, 0xc2, 0xc3) || is_one(x, 0xca, 0xcb) || is_one(x, 0xcf, 0xcf) ||
           is_group(x, 0xff, 3) || is_group(x, 0xff, 5) || is_0f(x, 0x07, 0x07) ||
           is_0f(x, 0x34, 0x35) || (is_one(x, 0xc6, 0xc7) && (x->reg & 7) == 7);
}

static enum insn_kind kind_of(const struct parts *x)
{
    if (is_one(x, 0x70, 0x7f) || is_one(x, 0xe0, 0xe3) || is_0f(x, 0x80, 0x8f))
        return INSN_BRANCH;
    if (is_one(x, 0xe9, 0xe9) || is_one(x, 0xeb, 0xeb))
        return INSN_JUMP;
    if (is_one(x, 0xe8, 0xe8) || is_group(x, 0xff, 2))
        return INSN_CALL;
    if (is_group(x, 0xff, 4))
        return INSN_JUMP_INDIRECT;
    if (is_returning(x))
        return INSN_RETURN;
    if (is_0f(x, 0x0b, 0x0b))
        return INSN_STOP;
    if (is_0f(x, 0x1f, 0x1f) || (is_one(x, 0x90, 0x90) && !x->rex) || is_one(x, 0xcc, 0xcc))
        return INSN_NOP;
    return INSN_PLAIN;
}

/* Does the text name the stack pointer other than in an address? */
static bool names_rsp(const char *text)
{
    int depth = 0;
    for (const char *p = text; *p; p++) {
        depth += (*p == '(') - (*p == ')');
        if (depth > 0 || *p != '%')
            continue;
        if (!strncmp(p, "%rsp", 4) || !strncmp(p, "%esp", 4) || !strncmp(p, "%sp", 3))
            return true;
    }
    return false;
}

/* Arithmetic and moves between two registers, and comparisons: is rsp only read? */
static bool only_reads_rsp(const struct parts *x)
{
    bool compare = is_one(x, 0x38, 0x3d) || is_one(x, 0x84, 0x85) || is_group(x, 0x81, 7) ||
                   is_group(x, 0x83, 7) || is_group(x, 0xf7, 0);
    if (compare)
        return true;
    if (!(is_one(x, 0x00, 0x3f) && x->has_modrm) && !is_one(x, 0x88, 0x8b))
        return false;
    bool to_reg = x->opcode & 2;
    return to_reg ? x->reg != RSP : x->mod != 3 || x->rm != RSP;
}

static int32_t stack_of(const struct parts *x, const char *text)
{
    int32_t word = x->p66 ? 2 : 8;
    if (is_one(x, 0x50, 0x57) || is_one(x, 0x68, 0x68) || is_one(x, 0x6a, 0x6a) ||
        is_group(x, 0xff, 6) || is_one(x, 0x9c, 0x9c) || is_0f(x, 0xa0, 0xa0) ||
        is_0f(x, 0xa8, 0xa8))
        return word;
    if (is_one(x, 0x5c, 0x5c) && !(x->rex & 1))
        return STACK_UNKNOWN;
    if (is_one(x, 0x58, 0x5f) || is_one(x, 0x9d, 0x9d) || is_0f(x, 0xa1, 0xa1) ||
        is_0f(x, 0xa9, 0xa9))
        return -word;
    if (is_group(x, 0x8f, 0))
        return x->mod == 3 && x->rm == RSP ? STACK_UNKNOWN : -word;
    if (is_one(x, 0xc8, 0xc9))
        return STACK_UNKNOWN;
    if (!names_rsp(text))
        return 0;
    bool small = x->imm >= -0x40000000 && x->imm <= 0x40000000 && x->disp >= -0x40000000 &&
                 x->disp <= 0x40000000;
    bool by_imm = (is_one(x, 0x81, 0x81) || is_one(x, 0x83, 0x83)) && x->mod == 3 && x->rm == RSP &&
                  x->rex_w && small;
    if (by_imm && (x->reg & 7) == 5)
        return (int32_t)x->imm;
    if (by_imm && (x->reg & 7) == 0)
        return (int32_t)-x->imm;
    if (is_one(x, 0x8d, 0x8d) && x->reg == RSP && x->base == RSP && x->index < 0 && x->rex_w &&
        small)
        return (int32_t)-x->disp;
    return only_reads_rsp(x) ? 0 : STACK_UNKNOWN;
}

/*
 * A 32-bit move to a register zeroes its upper half, and so is what C has as 64 bits where a
 * compiler takes a symbol for an address in the lower 4 GiB. Likewise AND, OR, XOR and TEST, of
 * what has no upper half with what is taken to have none.
 */
static bool zero_extends(const struct parts *x)
{
    uint8_t group = x->reg & 7;
    bool move = is_one(x, 0xb8, 0xbf) || (is_group(x, 0xc7, 0) && x->mod == 3);
    bool bitwise = is_one(x, 0x0d, 0x0d) || is_one(x, 0x25, 0x25) || is_one(x, 0x35, 0x35) ||
                   is_one(x, 0xa9, 0xa9) || (is_one(x, 0xf7, 0xf7) && group < 2) ||
                   (is_one(x, 0x81, 0x81) && (group == 1 || group == 4 || group == 6));
    bool address = is_one(x, 0xa0, 0xa3);
    return x->imm_size == 4 && !x->rex_w && (move || bitwise || address);
}

static enum range imm_range(const struct parts *x)
{
    if (x->imm_size == 8)
        return RANGE_ANY;
    if (zero_extends(x))
        return RANGE_UNSIGNED;
    bool extended = x->imm_size == 4   ? x->rex_w || is_one(x, 0x68, 0x68)
                    : x->imm_size == 1 ? is_one(x, 0x6a, 0x6b) || is_one(x, 0x83, 0x83)
                                       : false;
    return extended && !x->vex ? RANGE_SIGNED : RANGE_WRAP;
}

/* An address is 64 bits wide, or 32 by a prefix; what LEA keeps of it can be less. */
static enum range disp_range(const struct parts *x)
{
    bool narrow = x->p67 || (is_one(x, 0x8d, 0x8d) && !x->rex_w);
    if (x->rip || !narrow)
        return RANGE_SIGNED;
    return x->base < 0 && x->index < 0 ? RANGE_UNSIGNED : RANGE_WRAP;
}

/* All bits of some bytes. */
static struct field whole_field(const struct insn *insn, uint8_t at, uint8_t size, enum range range)
{
    return (struct field){.at = at,
                          .size = size,
                          .origin = (uint8_t)(insn->size - at),
                          .part = {{.width = (uint8_t)(8 * size), .range = range}},
                          .parts = 1};
}

/* The lower half of their opcode is what jcc, cmovcc and setcc go by (SDM vol. 2, B.1.4.7). */
static bool has_condition(const struct parts *x)
{
    return is_one(x, 0x70, 0x7f) || is_0f(x, 0x40, 0x4f) || is_0f(x, 0x80, 0x9f);
}

static void find_fields(const struct parts *x, struct insn *insn)
{
    bool lea = is_one(x, 0x8d, 0x8d);
    bool odd = x->imm_size & (x->imm_size - 1); /* more than one immediate */
    size_t n = 0;
    if (x->disp_size && !(x->evex && x->disp_size == 1)) {
        struct field *f = &insn->field[n++];
        *f = whole_field(insn, x->disp_at, x->disp_size, disp_range(x));
        f->use = !x->rip ? FIELD_VALUE : lea ? FIELD_ADDRESS : FIELD_MEMORY;
    }
    bool jumps = insn->kind == INSN_JUMP || insn->kind == INSN_BRANCH || insn->kind == INSN_CALL;
    bool direct = jumps && !x->has_modrm;
    if (x->imm_size && !odd) {
        struct field *f = &insn->field[n++];
        *f = whole_field(insn, x->imm_at, x->imm_size, direct ? RANGE_SIGNED : imm_range(x));
        f->use = direct ? FIELD_BRANCH : FIELD_VALUE;
    }
    if (has_condition(x)) {
        struct field *f = &insn->field[n];
        *f = whole_field(insn, x->opcode_at, 1, RANGE_UNSIGNED);
        f->part[0].width = 4;
        f->use = FIELD_CONDITION;
    }
}

static bool decode(const uint8_t *code, uint32_t size, uint32_t at, struct insn *insn)
{
    struct line line;
    struct parts x;
    int length = disassemble(code, size, at, &line);
    if (!length || !split(code + at, (unsigned)length, &x))
        return false;
    *insn = (struct insn){.at = at, .size = (uint8_t)length, .target = -1, .condition = -1};
    insn->kind = kind_of(&x);
    insn->stack = stack_of(&x, line.text);
    insn->text = take_text(line.text);
    find_fields(&x, insn);
    for (int i = 0; i < MAX_FIELDS; i++)
        if (insn->field[i].use == FIELD_BRANCH) {
            if (x.p66)
                return false; /* its length depends on who made the processor */
            insn->target = (int64_t)at + length + x.imm;
        }
    if (is_one(&x, 0x70, 0x7f) || is_0f(&x, 0x80, 0x8f))
        insn->condition = (int8_t)x.opcode_at;
    return true;
}

static bool accepts(int arch, unsigned long mach, bool elf64)
{
    return arch == bfd_arch_i386 && (mach & bfd_mach_x86_64) && elf64;
}

static const struct reloc_kind *reloc(unsigned type)
{
    static const struct reloc_kind kinds[] = {
        {R_X86_64_8, false},  {R_X86_64_16, false},  {R_X86_64_32, false},   {R_X86_64_32S, false},
        {R_X86_64_64, false}, {R_X86_64_PC32, true}, {R_X86_64_PLT32, true},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].type == type)
            return &kinds[i];
    return NULL;
}

static const char *advice(unsigned type, const struct insn *insn)
{
    bool jumps = insn->kind == INSN_CALL || insn->kind == INSN_JUMP_INDIRECT;
    switch (type) {
    case R_X86_64_GOTPCREL:
    case R_X86_64_GOTPCRELX:
    case R_X86_64_REX_GOTPCRELX:
    case R_X86_64_GOT32:
    case R_X86_64_GOT64:
    case R_X86_64_GOTPC32:
    case R_X86_64_GOTPC64:
    case R_X86_64_GOTOFF64:
    case R_X86_64_GOTPCREL64:
        return jumps ? "compile without -fno-plt and with -fno-pic"
                     : "compile with -fno-pic, or reach the symbol through a helper";
    case R_X86_64_TPOFF32:
    case R_X86_64_TPOFF64:
    case R_X86_64_DTPOFF32:
    case R_X86_64_DTPOFF64:
    case R_X86_64_TLSGD:
    case R_X86_64_TLSLD:
    case R_X86_64_GOTTPOFF:
    case R_X86_64_GOTPC32_TLSDESC:
    case R_X86_64_TLSDESC_CALL:
        return "thread-local data is reached through a helper or a pointer in the state";
    case R_X86_64_PC8:
    case R_X86_64_PC16:
        return "let jumps to holes have 32-bit displacements";
    default:
        return "reach the symbol through a helper";
    }
}

static uint8_t reloc_size(unsigned type)
{
    switch (type) {
    case R_X86_64_8:
        return 1;
    case R_X86_64_16:
        return 2;
    case R_X86_64_64:
        return 8;
    default:
        return 4;
    }
}

static bool field(const struct insn *insn, uint32_t at, const struct reloc_kind *kind,
                  struct field *to)
{
    for (int i = 0; i < MAX_FIELDS; i++) {
        const struct field *f = &insn->field[i];
        if (!f->use || f->at != at)
            continue;
        *to = *f;
        return f->size == reloc_size(kind->type) && field_is_relative(f) == kind->relative;
    }
    return false;
}

static const char *writer(const struct field *f, const struct part *part)
{
    return take_printf("dyngen_%s%u", field_name(f, part), part->width);
}

static const char *symbol_advice(const char *symbol)
{
    return strncmp(symbol, "__x86_", 6) != 0
               ? NULL
               : "compile ops without -mindirect-branch and -mfunction-return";
}

static void set_distance(uint8_t *field, int64_t distance)
{
    for (int i = 0; i < 4; i++)
        field[i] = (uint8_t)((uint64_t)distance >> 8 * i);
}

static bool set_target(uint8_t *bytes, const struct insn *insn, int64_t target)
{
    const struct field *f = &insn->field[0];
    int64_t distance = target - insn->at - insn->size;
    if (f->size == 4)
        set_distance(bytes + f->at, distance);
    else if (f->size == 1 && distance >= -0x80 && distance <= 0x7f)
        bytes[f->at] = (uint8_t)distance;
    else
        return false;
    return true;
}

/* jmp rel8 and jcc rel8 have a form with rel32; loop and jrcxz have not (SDM vol. 2, Jcc, LOOPcc).
 */
static uint8_t far_jump(const uint8_t *bytes, const struct insn *insn, uint8_t *to)
{
    struct parts x;
    if (!split(bytes, insn->size, &x) || (insn->kind != INSN_JUMP && insn->kind != INSN_BRANCH) ||
        is_one(&x, 0xe0, 0xe3) || x.opcode_at + 6 > MAX_INSN - 1)
        return 0;
    unsigned i = x.map == MAP_0F ? x.opcode_at - 1U : x.opcode_at;
    memcpy(to, bytes, i);
    if (insn->kind == INSN_JUMP) {
        to[i++] = 0xe9;
    } else {
        to[i++] = 0x0f;
        to[i++] = 0x80 | (x.opcode & 0xf);
    }
    memset(to + i, 0, 4);
    return (uint8_t)(i + 4);
}

const struct host host_x86_64 = {
    .name = "x86-64",
    .triple = "x86_64-linux-gnu",
    .machine = EM_X86_64,
    .class = ELFCLASS64,
    .other_class = "x32",
    .header = "dyngen_x86_64.h",
    .accepts = accepts,
    .decode = decode,
    .reloc = reloc,
    .advice = advice,
    .field = field,
    .writer = writer,
    .symbol_advice = symbol_advice,
    .bias = 4,
    .set_distance = set_distance,
    .set_target = set_target,
    .far_jump = far_jump,
    .stack_pointer = "rsp",
};
