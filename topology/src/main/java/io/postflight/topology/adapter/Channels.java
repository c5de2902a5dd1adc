package io.postflight.topology.adapter;

import io.postflight.schema.text.AsciiCase;
import org.jspecify.annotations.Nullable;

/** The channels of providers that serve many, by their names for them. */
final class Channels {
  private Channels() {}

  /**
   * The channel.
   *
   * @param name as the provider writes it, in any case; null: it names none
   * @param absent the channel if it names none
   */
  static String of(@Nullable String name, String absent) {
    return name == null
        ? absent
        : switch (AsciiCase.lower(name)) {
          case "sms" -> "SMS";
          case "mms" -> "MMS";
          case "rcs" -> "RCS";
          case "whatsapp", "whatsapp_sandbox" -> "WHATSAPP";
          case "messenger", "facebook", "facebook_messenger" -> "MESSENGER";
          case "instagram", "instagram_dm" -> "INSTAGRAM";
          case "viber", "viberbm", "viber_bm", "viber_bot", "viber_service" -> "VIBER";
          case "telegram" -> "TELEGRAM";
          case "line" -> "LINE";
          case "wechat" -> "WECHAT";
          case "kakaotalk", "kakao_alim", "kakao_chingu" -> "KAKAOTALK";
          case "applebc" -> "APPLE";
          case "email" -> "EMAIL";
          case "voice", "voice_video" -> "VOICE";
          case "push", "mobile_push" -> "PUSH";
          default -> "OTHER";
        };
  }
}
