package io.postflight.api.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The OpenAPI document of the HTTP interface, {@code docs/openapi.json}. It is written by hand;
 * tests compare it with the routes, their parameters and every response.
 */
public final class ApiDocument {
  /** Pages have inline styles, run no scripts and load no resources. */
  private static final String PAGE_POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private final byte[] bytes;
  private final JsonNode root;

  private ApiDocument(byte[] bytes) throws IOException {
    this.bytes = bytes;
    this.root = new ObjectMapper().readTree(bytes);
  }

  /** The document of this version. */
  public static ApiDocument read() {
    try (InputStream in = ApiDocument.class.getResourceAsStream("openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("openapi.json is missing from the jar");
      }
      return new ApiDocument(in.readAllBytes());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Serves the document. */
  public HttpService json() {
    return serving(MediaType.JSON_UTF_8, bytes);
  }

  /** Serves it as a page. */
  public HttpService page() {
    byte[] page = new ApiPage(root).html().getBytes(StandardCharsets.UTF_8);
    HttpService service = serving(MediaType.HTML_UTF_8, page);
    return (ctx, request) -> {
      ctx.setAdditionalResponseHeader(HttpHeaderNames.CONTENT_SECURITY_POLICY, PAGE_POLICY);
      return service.serve(ctx, request);
    };
  }

  /** One buffer for all responses: those that are not read cost none of their own. */
  private static HttpService serving(MediaType type, byte[] content) {
    ByteBuf shared =
        Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(content.length).writeBytes(content).asReadOnly());
    return (ctx, request) ->
        HttpResponse.of(HttpStatus.OK, type, HttpData.wrap(shared.duplicate()));
  }
}
