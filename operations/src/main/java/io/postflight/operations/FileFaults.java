package io.postflight.operations;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Describes failures of files: the messages of most exceptions are only the name of the file. */
public final class FileFaults {
  private FileFaults() {}

  /** Why a file or a directory cannot be used. */
  public static String reason(IOException fault) {
    if (fault instanceof CharacterCodingException) {
      return "it is not valid UTF-8";
    }
    if (fault instanceof FileSystemException ofFile) {
      if (ofFile instanceof AccessDeniedException) {
        return "permission to " + ofFile.getFile() + " is denied";
      }
      if (ofFile instanceof FileAlreadyExistsException) {
        return ofFile.getFile() + " is not a directory";
      }
      if (ofFile instanceof NoSuchFileException) {
        return "there is no such file";
      }
      if (ofFile.getReason() != null) {
        return ofFile.getReason();
      }
    }
    return String.valueOf(fault.getMessage());
  }
}
