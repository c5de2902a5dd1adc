package io.postflight.schema.signature;

/** A key pair in place of SendGrid's; of no value outside of tests. */
public final class TestKeys {
  /** The public key, base64. */
  public static final String SENDGRID_PUBLIC =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEVJOyY8PgstKugG/sLUj6DpCJYpw5"
          + "OhFtUSAhNVbqCw/q7u4OlVsMfWHP2qgiT1TiLQxmCyszXYdSi/kyJgv6Xg==";

  /** The private key, PKCS #8 in base64. */
  public static final String SENDGRID_PRIVATE =
      "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgpREovAecLFamfaai"
          + "qLVwAF+EuLdlR4tr/kY4o+ZtpuOhRANCAARUk7Jjw+Cy0q6Ab+wtSPoOkIlinDk6"
          + "EW1RICE1VuoLD+ru7g6VWwx9Yc/aqCJPVOItDGYLKzNdh1KL+TImC/pe";

  private TestKeys() {}
}
