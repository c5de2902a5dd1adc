package io.postflight.operations.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.recovery.RecoveryPhase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecoveryCheckTest {
  @Test
  void a_tier_in_recovery_warns_with_the_command_that_finishes_it() {
    List<Finding> findings = new RecoveryCheck().findings(Map.of("60d", RecoveryPhase.LOADING));

    assertThat(findings).singleElement().matches(each -> each.level() == Finding.Level.WARN);
    assertThat(findings.get(0).subject()).isEqualTo("60d");
    assertThat(findings.get(0).detail()).contains("LOADING", "503");
    assertThat(findings.get(0).advice()).contains("tiers recovery finish --tier 60d");
  }

  @Test
  void no_tier_in_recovery_is_ok() {
    assertThat(new RecoveryCheck().findings(Map.of()))
        .extracting(Finding::level)
        .containsExactly(Finding.Level.OK);
  }
}
