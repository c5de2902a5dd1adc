package io.postflight.cli;

/**
 * A command, or a group of its options, that reads the settings. For other commands {@code
 * --config} and {@code --set} would have no effect and are refused.
 */
interface SettingsAware {}
