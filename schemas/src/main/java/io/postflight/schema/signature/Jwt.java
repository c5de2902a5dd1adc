package io.postflight.schema.signature;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON Web Token (RFC 7519) signed with HS256. Claims are parsed after the signature over their
 * bytes is verified. The algorithm is always HS256, whatever the token's header says, so that a
 * token cannot choose it; a token of another one does not verify.
 */
final class Jwt {
  /** Of a token of a provider; they have about 500. */
  private static final int MAX_CHARS = 8192;

  private static final JsonFactory JSON = new JsonFactory();
  private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

  private final Map<String, String> claims;

  private Jwt(Map<String, String> claims) {
    this.claims = claims;
  }

  /**
   * The token, verified with one of these keys.
   *
   * @return null if it is none, or was signed with another key
   */
  static @Nullable Jwt verified(String token, List<String> keys) {
    int end = token.lastIndexOf('.');
    int middle = end < 0 ? -1 : token.lastIndexOf('.', end - 1);
    if (middle <= 0 || token.length() > MAX_CHARS || token.indexOf('.') != middle) {
      return null;
    }
    byte[] signed = token.substring(0, end).getBytes(StandardCharsets.UTF_8);
    byte[] signature = decoded(token.substring(end + 1));
    boolean valid = false;
    for (String key : keys) {
      byte[] expected = Digests.hmacSha256(key.getBytes(StandardCharsets.UTF_8), signed);
      valid |= signature != null && MessageDigest.isEqual(expected, signature);
    }
    if (!valid) {
      return null;
    }
    Map<String, String> claims = scalars(decoded(token.substring(middle + 1, end)));
    return claims == null ? null : new Jwt(claims);
  }

  /** A token with these claims, which are texts or whole numbers. */
  static String signed(Map<String, Object> claims, String key) {
    StringBuilder json = new StringBuilder("{");
    claims.forEach(
        (name, value) ->
            json.append(json.length() == 1 ? "\"" : ",\"")
                .append(name)
                .append("\":")
                .append(value instanceof Number ? value.toString() : "\"" + value + '"'));
    String signed = encoded(HEADER) + '.' + encoded(json.append('}').toString());
    byte[] mac =
        Digests.hmacSha256(
            key.getBytes(StandardCharsets.UTF_8), signed.getBytes(StandardCharsets.UTF_8));
    return signed + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(mac);
  }

  /** A claim as text; null if it is absent, or no scalar. */
  @Nullable String get(String name) {
    return claims.get(name);
  }

  private static String encoded(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static byte @Nullable [] decoded(String base64) {
    try {
      return Base64.getUrlDecoder().decode(base64);
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  /** The scalars of an object; null if it is none. */
  private static @Nullable Map<String, String> scalars(byte @Nullable [] json) {
    if (json == null) {
      return null;
    }
    Map<String, String> scalars = new HashMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      String name;
      while ((name = parser.nextFieldName()) != null) {
        JsonToken token = parser.nextToken();
        if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
          scalars.put(name, parser.getText());
        } else {
          parser.skipChildren();
        }
      }
      return scalars;
    } catch (IOException malformed) {
      return null;
    }
  }
}
