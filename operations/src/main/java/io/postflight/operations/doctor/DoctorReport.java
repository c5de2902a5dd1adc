package io.postflight.operations.doctor;

import java.util.List;

/**
 * The findings of all checks of a deployment.
 *
 * @param ok number of findings of this level
 * @param warn number of findings of this level
 * @param fail number of findings of this level
 * @param unreachable whether a server was unreachable, so that checks were skipped
 * @param checks all findings
 */
public record DoctorReport(
    long ok, long warn, long fail, boolean unreachable, List<Finding> checks) {
  /** Copies the list. */
  public DoctorReport {
    checks = List.copyOf(checks);
  }

  static DoctorReport of(List<Finding> findings, boolean unreachable) {
    return new DoctorReport(
        count(findings, Finding.Level.OK),
        count(findings, Finding.Level.WARN),
        count(findings, Finding.Level.FAIL),
        unreachable,
        findings);
  }

  private static long count(List<Finding> findings, Finding.Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }
}
