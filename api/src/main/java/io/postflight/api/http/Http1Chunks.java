package io.postflight.api.http;

import io.netty.buffer.ByteBuf;

/**
 * Where the chunks of one HTTP/1 body end, and how many of them are small. It only counts: the
 * decoder refuses what is not valid.
 */
final class Http1Chunks {
  private static final int RADIX = 16;

  /** Far above the size of any body, and below an overflow. */
  private static final long MAX_SIZE = 1L << 40;

  private enum Next {
    SIZE,
    EXTENSION,
    DATA,
    DELIMITER,
    TRAILERS
  }

  private Next next = Next.SIZE;
  private long size;
  private int small;

  /** Bytes of the line that describes the next chunk, as far as read. */
  private int line;

  /** The number of bytes up to the end of the line of the last chunk, or all. */
  int read(ByteBuf input) {
    int all = input.readableBytes();
    int i = 0;
    while (i < all && next != Next.TRAILERS) {
      if (next == Next.DATA) {
        int data = (int) Math.min(size, all - i);
        i += data;
        size -= data;
        next = size == 0 ? Next.DELIMITER : Next.DATA;
      } else {
        byte each = input.getByte(input.readerIndex() + i);
        i++;
        line++;
        if (each == '\n') {
          lineEnded();
        } else if (each == ';') {
          next = next == Next.SIZE ? Next.EXTENSION : next;
        } else if (next == Next.SIZE && Character.digit(each, RADIX) >= 0) {
          size = Math.min(MAX_SIZE, size * RADIX + Character.digit(each, RADIX));
        }
      }
    }
    return i;
  }

  private void lineEnded() {
    line = 0;
    if (next == Next.DELIMITER) {
      next = Next.SIZE;
    } else if (size == 0) {
      next = Next.TRAILERS;
    } else {
      next = Next.DATA;
      small += size < FrameBudget.LEAST_DATA ? 1 : 0;
    }
  }

  /** Bytes of an unfinished line, which the decoder keeps. */
  int unfinished() {
    return line;
  }

  /** Whether only trailers follow. */
  boolean ended() {
    return next == Next.TRAILERS;
  }

  /** The small ones since the last call. */
  int takeSmall() {
    int taken = small;
    small = 0;
    return taken;
  }
}
