/* pcapng_time.c: times of pcapng, which count ticks of any power of 10 or of 2
 * (draft-ietf-opsawg-pcapng section 4.2: if_tsresol, if_tsoffset). */
#include "base/vocab.h"
#include "capture/format.h"

enum { RESOLUTION_IS_BINARY = 0x80 };

/* Ticks of 10^-power seconds; the sums saturate, since any 64 bits may stand in a file. */
static int64_t decimal_ns(uint64_t ticks, unsigned power)
{
	for (; power < 9; power++)
		if (__builtin_mul_overflow(ticks, 10, &ticks))
			return INT64_MAX;
	for (; power > 9 && ticks > 0; power--)
		ticks /= 10;
	return ticks > INT64_MAX ? INT64_MAX : (int64_t)ticks;
}

/* Ticks of 2^-power seconds. Of the fraction 34 bits are enough for nanoseconds. */
static int64_t binary_ns(uint64_t ticks, unsigned power)
{
	uint64_t seconds = power < 64 ? ticks >> power : 0;
	uint64_t fraction = power < 64 ? ticks - (seconds << power) : ticks;
	int64_t ns;

	for (; power > 34; power--)
		fraction >>= 1;
	fraction = fraction * NS_PER_SECOND >> power;
	if (seconds > INT64_MAX || __builtin_mul_overflow((int64_t)seconds, NS_PER_SECOND, &ns) ||
	    __builtin_add_overflow(ns, (int64_t)fraction, &ns))
		return INT64_MAX;
	return ns;
}

int64_t pcapng_time_ns(uint8_t resolution, int64_t offset_s, uint64_t ticks)
{
	unsigned power = resolution & 0x7fU;
	bool binary = resolution & RESOLUTION_IS_BINARY;
	int64_t ns = binary ? binary_ns(ticks, power) : decimal_ns(ticks, power);
	int64_t offset;

	if (offset_s == 0)
		return ns;
	if (__builtin_mul_overflow(offset_s, NS_PER_SECOND, &offset) ||
	    __builtin_add_overflow(ns, offset, &ns))
		return offset_s < 0 ? INT64_MIN : INT64_MAX;
	return ns;
}
