package io.postflight.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointTest {
  @Test
  void a_checkpoint_survives_encoding() {
    for (RestoreSettings.ReplayRange range :
        List.of(
            new RestoreSettings.ReplayRange(5, null, null),
            new RestoreSettings.ReplayRange(5, 9L, "acme-2_x"))) {
      Checkpoint checkpoint = new Checkpoint("eu-30d", range, 1_234, 5_678);
      assertThat(Checkpoint.decode(checkpoint.encoded())).isEqualTo(checkpoint);
    }
  }

  @Test
  void foreign_metadata_is_rejected() {
    for (String text : List.of("", "AgAAAZ==", "restore-2 tier=x from=soon end=1 at=2")) {
      assertThatThrownBy(() -> Checkpoint.decode(text)).isInstanceOf(ReplayException.class);
    }
  }
}
