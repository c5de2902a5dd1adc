package io.postflight.api.http;

/**
 * Carries a {@link Problem} through futures. Has no stack trace, since it is not an internal error.
 */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.status() + ": " + problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** The problem to respond with. */
  public Problem problem() {
    return problem;
  }
}
