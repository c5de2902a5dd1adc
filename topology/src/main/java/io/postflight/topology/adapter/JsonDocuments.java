package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits bytes that hold several JSON objects, one per line or one after another, as producers
 * write them to a record of Kinesis or Firehose.
 *
 * <p>Objects that can all be parsed are found wherever they end. Otherwise each line is a document
 * of its own, so that an invalid one costs no other; but only if a line is an object, since
 * otherwise the bytes are one document of several lines. Reads the bytes twice, so in linear time.
 *
 * @param json the parsers
 */
record JsonDocuments(JsonBodies json) {
  /** The documents in their order, at least one; an invalid one is among them. */
  List<byte[]> of(byte[] data) throws IOException {
    List<byte[]> documents = new ArrayList<>(1);
    if (!objects(data, 0, data.length, documents)) {
      documents = lines(data);
    }
    return documents.isEmpty() ? List.of(data) : documents;
  }

  /** Whether the bytes between two positions are objects alone, which are added. */
  private boolean objects(byte[] data, int from, int to, List<byte[]> documents)
      throws IOException {
    try (JsonParser parser = json.open(data, from, to)) {
      JsonToken token;
      while ((token = parser.nextToken()) != null) {
        if (token != JsonToken.START_OBJECT) {
          return false;
        }
        int start = from + (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        int end = from + (int) parser.currentLocation().getByteOffset();
        documents.add(Arrays.copyOfRange(data, start, end));
      }
      return true;
    } catch (JacksonException e) {
      return false;
    }
  }

  /** The lines that are not blank; empty if none of them is an object. */
  private List<byte[]> lines(byte[] data) throws IOException {
    List<byte[]> lines = new ArrayList<>();
    boolean any = false;
    int start = 0;
    while (start < data.length) {
      int end = start;
      while (end < data.length && data[end] != '\n') {
        end++;
      }
      List<byte[]> objects = new ArrayList<>(1);
      boolean valid = objects(data, start, end, objects);
      any |= valid && !objects.isEmpty();
      if (valid) {
        lines.addAll(objects);
      } else {
        lines.add(Arrays.copyOfRange(data, start, end));
      }
      start = end + 1;
    }
    return any ? lines : List.of();
  }
}
