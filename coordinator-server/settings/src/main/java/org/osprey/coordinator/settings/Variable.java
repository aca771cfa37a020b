package org.osprey.coordinator.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The environment variable that sets a component. One that ends in {@code _MS} or {@code _SECS} is
 * a number. In a section whose name operators choose, {@code *} stands for that name in upper case.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Variable {
  public String value();
}
