package io.postflight.api.http;

import com.linecorp.armeria.server.ServiceRequestContext;

/** Ids in paths. */
public final class PathIds {
  private static final int LONGEST = 2048;

  private PathIds() {}

  /**
   * An id from the path, decoded.
   *
   * @param name of the path's variable
   * @throws ProblemException 400 if it is empty or too long
   */
  public static String of(ServiceRequestContext ctx, String name) {
    String id = ctx.pathParam(name);
    if (id == null || id.isEmpty() || id.length() > LONGEST) {
      throw Problem.badRequest(
              "the id in the path has "
                  + (id == null ? 0 : id.length())
                  + " characters; allowed are 1 to "
                  + LONGEST)
          .asException();
    }
    return id;
  }
}
