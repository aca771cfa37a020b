package org.osprey.coordinator.testdata;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Of the server these programs know the wire and the ids, and nothing else. */
class DependenciesTest {
  private static final String ROOT = "org.osprey.coordinator.";

  @Test
  void onlyWireAndIdsOfTheServer() {
    noClasses()
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are other parts of the project",
                (JavaClass type) ->
                    type.getName().startsWith(ROOT)
                        && !type.getName().startsWith(ROOT + "testdata.")
                        && !type.getName().startsWith(ROOT + "proto.")
                        && !type.getName().startsWith(ROOT + "snowflake.")))
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT + "testdata"));
  }
}
