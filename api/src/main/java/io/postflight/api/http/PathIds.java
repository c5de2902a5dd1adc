package io.postflight.api.http;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.schema.user.NormalizedUserId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ids of messages and users in requests: a segment of the path, or the query parameter {@code id}
 * of the routes that have no such segment. The second takes every id that intake accepts; in a path
 * some cannot be written, such as {@code ..}.
 */
public final class PathIds {
  /** The query parameter. */
  private static final String PARAMETER = "id";

  private static final int LONGEST = 2048;

  private PathIds() {}

  /**
   * The query parameters that a service allows on the route of a request.
   *
   * @param name of the path's variable
   * @param others what it allows besides the id
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
   * The id that a request is about.
   *
   * @param name of the path's variable
   * @throws ProblemException 400 if it is missing, empty or too long
   */
  public static String of(ServiceRequestContext ctx, String name, Params params) {
    String inPath = ctx.pathParam(name);
    return inPath == null
        ? checked("parameter '" + PARAMETER + "'", params.any(PARAMETER))
        : checked("the id in the path", inPath);
  }

  /**
   * The user that a request is about, normalized.
   *
   * @param name of the path's variable
   * @throws ProblemException 400 if it is missing, empty or too long
   */
  public static String user(ServiceRequestContext ctx, String name, Params params) {
    return NormalizedUserId.of(of(ctx, name, params));
  }

  private static String checked(String what, @Nullable String id) {
    if (id == null || id.isEmpty() || id.length() > LONGEST) {
      throw Problem.badRequest(
              what
                  + " has "
                  + (id == null ? 0 : id.length())
                  + " characters; allowed are 1 to "
                  + LONGEST)
          .asException();
    }
    return id;
  }
}
