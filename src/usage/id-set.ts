/**
 * Texts met before, in 11 to 22 bytes each: of a million different ones two are confused with a probability of 1 in
 * 20,000 (53 bits of hash).
 */
export class IdSet {
  size = 0;
  private slots = new Float64Array(1024);

  /** False where it is in the set already. */
  add(text: string): boolean {
    if (this.size * 4 >= this.slots.length * 3) {
      const old = this.slots;
      this.slots = new Float64Array(old.length * 2);
      for (const hash of old) if (hash !== 0) this.slots[this.place(hash)] = hash;
    }
    const hash = hashOf(text);
    const place = this.place(hash);
    if (this.slots[place] === hash) return false;
    this.slots[place] = hash;
    this.size++;
    return true;
  }

  /** Where a hash is, or would be. */
  private place(hash: number): number {
    const { length } = this.slots;
    let at = hash % length;
    while (this.slots[at] !== 0 && this.slots[at] !== hash) at = (at + 1) % length;
    return at;
  }
}

/** 53 bits of two FNV hashes with a prime each, as a whole number above 0. */
function hashOf(text: string): number {
  let [one, other] = [2166136261, 2166136261];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 16777619);
    other = Math.imul(other ^ unit, 709607);
  }
  // High bits depend on all letters, low ones on the last few.
  return (one >>> 0) * 2 ** 21 + ((other ^ (other >>> 15)) >>> 11) || 1;
}
