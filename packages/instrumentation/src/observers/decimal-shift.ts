/** Numbers that people wrote, in another unit. */

/**
 * A number times a power of ten, exactly as it would be written: 99.9 shifted by -2 is 0.999, where 99.9 / 100 is 0.9990000000000001.
 * @param places how far the point moves: to the right where positive
 */
export function decimalShift(value: number, places: number): number {
  const [digits, exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}
