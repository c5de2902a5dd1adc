package io.postflight.api.http;

/** Carries a {@link Problem} out of a chain of futures. Has no stack trace: it is no bug. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.status() + ": " + problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** What is to be answered. */
  public Problem problem() {
    return problem;
  }
}
