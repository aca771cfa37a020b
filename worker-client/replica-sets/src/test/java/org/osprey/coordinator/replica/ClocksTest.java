package org.osprey.coordinator.replica;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The clocks of workers may say what they like: nobody reads them. */
class ClocksTest {

  @Test
  void onlyTheDatabaseKnowsWhatTimeItIs() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackagesOf(ReplicaSets.class);
    noClasses()
        .should()
        .callMethodWhere(
            describe(
                "they read a wall clock",
                call ->
                    call.getName().equals("currentTimeMillis")
                        || call.getTargetOwner().getName().equals("java.time.Clock")
                        || (call.getName().equals("now")
                            && call.getTargetOwner().getPackageName().equals("java.time"))))
        .check(classes);
  }
}
