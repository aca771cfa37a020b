package org.osprey.coordinator.ctl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Of the server the command line knows the settings and the wire, and nothing else. */
class DependenciesTest {
  private static final String ROOT = "org.osprey.coordinator.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT + "ctl");

  @Test
  void onlySettingsAndWireOfTheServer() {
    noClasses()
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are other parts of the project",
                (JavaClass type) ->
                    type.getName().startsWith(ROOT)
                        && !type.getName().startsWith(ROOT + "ctl.")
                        && !type.getName().startsWith(ROOT + "app.config.")
                        && !type.getName().startsWith(ROOT + "settings.")
                        && !type.getName().startsWith(ROOT + "proto.")))
        .check(CLASSES);
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching(ROOT + "ctl.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
