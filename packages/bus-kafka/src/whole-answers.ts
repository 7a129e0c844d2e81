/** Every answer begins with its length, a whole number of so many bytes that does not count itself. */
const lengthBytes = 4;

/** Makes whole answers of what comes over a connection in pieces. */
export class WholeAnswers {
  #pieces: Buffer[] = [];
  #size = 0;
  #needed = lengthBytes;

  /**
   * Takes the next piece.
   *
   * @returns the answers that are whole with it.
   * @throws Error when this can't be an answer of Kafka.
   */
  *take(piece: Buffer): Generator<Buffer, void> {
    this.#pieces.push(piece);
    this.#size += piece.length;
    while (this.#size >= this.#needed) {
      const [first] = this.#pieces;
      const buffer = this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces, this.#size);
      const length = buffer.readInt32BE(0);
      if (length < 0) throw new Error('What answers does not speak the protocol of Kafka');
      const end = lengthBytes + length;
      const isWhole = buffer.length >= end;
      this.#pieces = [isWhole ? buffer.subarray(end) : buffer];
      this.#size = isWhole ? buffer.length - end : buffer.length;
      this.#needed = isWhole ? lengthBytes : end;
      if (isWhole) yield buffer.subarray(0, end);
    }
  }
}
