package io.postflight.api.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON bodies, written without an intermediate object model. */
public final class JsonBody {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** Writes one JSON value. */
  @FunctionalInterface
  public interface Writer {
    /** Writes the value. */
    void write(JsonGenerator json) throws IOException;
  }

  private JsonBody() {}

  /** Headers of a JSON response, which must not be cached. */
  public static ResponseHeadersBuilder headers(HttpStatus status) {
    return ResponseHeaders.builder(status)
        .contentType(MediaType.JSON_UTF_8)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
  }

  /** A response with one value. */
  public static HttpResponse response(HttpStatus status, Writer value) {
    return response(headers(status), value);
  }

  /** A response with one value. */
  public static HttpResponse response(ResponseHeadersBuilder headers, Writer value) {
    return HttpResponse.of(headers.build(), HttpData.wrap(bytes(value)));
  }

  /** Encodes the value as UTF-8. */
  public static byte[] bytes(Writer writer) {
    // In blocks: one array that grows would occupy three times the size of a large page.
    try (ByteArrayBuilder out = new ByteArrayBuilder(512);
        JsonGenerator json = FACTORY.createGenerator(out)) {
      writer.write(json);
      json.flush();
      return out.toByteArray();
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory failed", impossible);
    }
  }

  /** The bytes written so far. */
  public static long length(JsonGenerator json) {
    return ((ByteArrayBuilder) json.getOutputTarget()).size() + (long) json.getOutputBuffered();
  }
}
