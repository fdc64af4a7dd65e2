/* field.c: members of struct event by offset and size, and whether they are there. Knows no JSON.
 */
#include "event/schema.h"

#include <assert.h>
#include <string.h>

uint64_t field_load(const uint8_t *e, size_t at, size_t size)
{
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	switch (size) {
	case 1:
		memcpy(&u8, e + at, sizeof u8);
		return u8;
	case 2:
		memcpy(&u16, e + at, sizeof u16);
		return u16;
	case 4:
		memcpy(&u32, e + at, sizeof u32);
		return u32;
	}
	assert(size == 8);
	memcpy(&u64, e + at, sizeof u64);
	return u64;
}

int64_t field_load_signed(const uint8_t *e, size_t at, size_t size)
{
	uint64_t value = field_load(e, at, size);
	uint64_t sign = UINT64_C(1) << (size * 8 - 1);
	return (int64_t)((value ^ sign) - sign);
}

/* Stores the low `size` bytes of the value. */
static void store(uint8_t *e, size_t at, size_t size, uint64_t value)
{
	uint8_t u8 = (uint8_t)value;
	uint16_t u16 = (uint16_t)value;
	uint32_t u32 = (uint32_t)value;
	const void *from = size == 1   ? (const void *)&u8
	                   : size == 2 ? (const void *)&u16
	                   : size == 4 ? (const void *)&u32
	                               : (const void *)&value;
	assert(size == 1 || size == 2 || size == 4 || size == 8);
	memcpy(e + at, from, size);
}

bool field_store(uint8_t *e, size_t at, size_t size, uint64_t value)
{
	if (size < 8 && value >> (size * 8) != 0)
		return false;
	store(e, at, size, value);
	return true;
}

bool field_store_signed(uint8_t *e, size_t at, size_t size, int64_t value)
{
	int64_t limit = INT64_MAX >> (64 - size * 8);
	if (value > limit || value < -limit - 1)
		return false;
	store(e, at, size, (uint64_t)value);
	return true;
}

/* Does the row's condition hold? What the codec says is not asked. */
static bool condition_holds(const struct member *m, const uint8_t *e)
{
	if (m->when == WHEN_ALWAYS || m->when == WHEN_CODEC)
		return true;
	uint64_t value = field_load(e, m->if_at, m->if_size);
	if (m->when == WHEN_SET)
		return value != 0;
	if (m->when == WHEN_BITS)
		return (value & m->if_value) != 0;
	return value == m->if_value;
}

bool member_present(const struct member *m, const uint8_t *e)
{
	return condition_holds(m, e) && (!m->type->has || m->type->has(m, e));
}
