// One text of a stream, in the pieces in which its events brought it, held until its filters let it go.
import type { JsonObject } from "../../contract.ts";
import type { TextScreen } from "../text-screen.ts";
import { boundaryBefore } from "./boundary.ts";

/** A piece of text with the event that is to carry it. */
export interface Piece {
  /** Makes the event that carries a text; `isFirst` when it is the first part of the piece, `isLast` when the last. */
  readonly carry: (text: string) => JsonObject;
  /** The event as it came, where it may leave as it came. */
  readonly bytes: Uint8Array | null;
  text: string;
  start: number;
}

export type Emit = (event: JsonObject, bytes: Uint8Array | null) => void;

export class Channel {
  readonly screen: TextScreen;
  /** Whether nothing leaves before the text is whole: arguments of tools. */
  readonly #whole: boolean;
  /** Place up to which a judge let the text go; infinite where there is none. */
  judged: number = Number.POSITIVE_INFINITY;
  text = "";
  readonly #keepsText: boolean;
  readonly #pieces: Piece[] = [];
  #ended = false;

  constructor(screen: TextScreen, { whole, keepsText }: { readonly whole: boolean; readonly keepsText: boolean }) {
    this.screen = screen;
    this.#whole = whole;
    this.#keepsText = keepsText;
    if (keepsText) this.judged = 0;
  }

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  push(text: string, carry: Piece["carry"], bytes: Uint8Array | null): void {
    this.#pieces.push({ carry, bytes, text, start: this.screen.length });
    if (this.#keepsText) this.text += text;
    this.screen.push(text);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.screen.end();
  }

  /** Gives out what may leave. After a stop, that is what stood before it. */
  release(emit: Emit): void {
    const until = this.#until();
    while (this.#pieces.length > 0) {
      const piece = this.#pieces[0] as Piece;
      const end = piece.start + piece.text.length;
      if (end <= until) {
        this.#pieces.shift();
        this.#give(piece, piece.text, emit);
        continue;
      }
      const cut = this.#ended ? until - piece.start : boundaryBefore(piece.text, until - piece.start);
      if (cut > 0) this.#part(piece, cut, emit);
      return;
    }
  }

  drop(): void {
    this.#pieces.length = 0;
  }

  #until(): number {
    if (this.#whole && !this.#ended) return 0;
    return Math.min(this.screen.released, this.judged);
  }

  #part(piece: Piece, cut: number, emit: Emit): void {
    const text = piece.text.slice(0, cut);
    emit(piece.carry(this.screen.render(text, piece.start, piece.start + cut)), null);
    const rest = { ...piece, bytes: null, text: piece.text.slice(cut), start: piece.start + cut };
    this.#pieces[0] = rest;
  }

  #give(piece: Piece, text: string, emit: Emit): void {
    const rendered = this.screen.render(text, piece.start, piece.start + text.length);
    if (rendered === text && piece.bytes !== null) emit({}, piece.bytes);
    else if (rendered !== "" || text === "") emit(piece.carry(rendered), null);
  }
}
