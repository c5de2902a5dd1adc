package io.postflight.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.store.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrillTest {
  @Test
  void a_drill_restores_every_row() throws Exception {
    Tier tier = Tier.of("15d", Duration.ofDays(15));
    try (TierFixture fixture = new TierFixture(tier, Duration.ofDays(10))) {
      List<String> steps = new ArrayList<>();
      DrillReport report = Drill.run(fixture.replay(), keyspace(fixture), 200, observer(steps));

      assertThat(report.recovered()).isTrue();
      assertThat(report.tier()).isEqualTo("15d");
      assertThat(report.rows()).isEqualTo(fixture.dump().size()).isGreaterThan(800);
      assertThat(report.rowsPerSecond()).isPositive();
      assertThat(steps).hasSize(4);
    }
  }

  private static Drill.Keyspace keyspace(TierFixture fixture) {
    return new Drill.Keyspace() {
      @Override
      public ReplayStore create() {
        return ReplayStore.of(fixture.store);
      }

      @Override
      public void drop() {
        fixture.truncate();
      }

      @Override
      public long rows() {
        return fixture.dump().size();
      }

      @Override
      public void close() {
        fixture.truncate();
      }
    };
  }

  private static Drill.Observer observer(List<String> steps) {
    return new Drill.Observer() {
      @Override
      public void step(String what) {
        steps.add(what);
      }

      @Override
      public void at(String what, long done, long total, String unit) {
        assertThat(done).isBetween(0L, total);
      }
    };
  }
}
