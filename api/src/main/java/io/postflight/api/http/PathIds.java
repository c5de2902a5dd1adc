package io.postflight.api.http;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.schema.event.NormalizedUserId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ids of messages and users in requests: a path segment, or the query parameter {@code id} on
 * routes without it. The parameter takes every id that intake accepts; a path cannot express some,
 * such as {@code ..}.
 */
public final class PathIds {
  /** The query parameter. */
  private static final String PARAMETER = "id";

  private static final int MAX_LENGTH = 2048;

  private PathIds() {}

  /**
   * The allowed query parameters of a request's route.
   *
   * @param name of the path variable
   * @param others allowed parameters besides the id
   */
  public static List<String> parameters(
      ServiceRequestContext ctx, String name, List<String> others) {
    if (ctx.pathParam(name) != null) {
      return others;
    }
    List<String> parameters = new ArrayList<>(others);
    parameters.add(PARAMETER);
    return parameters;
  }

  /**
   * The id in a request.
   *
   * @param name of the path variable
   * @throws Problem 400 if it is missing, empty or too long
   */
  public static String of(ServiceRequestContext ctx, String name, Params params) {
    String inPath = ctx.pathParam(name);
    return inPath == null
        ? checked("parameter '" + PARAMETER + "'", params.any(PARAMETER))
        : checked("the id in the path", inPath);
  }

  /**
   * The normalized user id in a request.
   *
   * @param name of the path variable
   * @throws Problem 400 if it is missing, empty or too long
   */
  public static String user(ServiceRequestContext ctx, String name, Params params) {
    return NormalizedUserId.of(of(ctx, name, params));
  }

  private static String checked(String what, @Nullable String id) {
    if (id == null) {
      throw Problem.badRequest(what + " is missing");
    }
    if (id.isEmpty() || id.length() > MAX_LENGTH) {
      throw Problem.badRequest(
          what + " has " + id.length() + " characters; allowed: 1 to " + MAX_LENGTH);
    }
    return id;
  }
}
