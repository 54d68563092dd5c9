// `java -cp JARS PdfUa.java FILE…`: asks veraPDF whether each file is PDF/UA-1. One line for a file that is; for one
// that is not, a line for each rule it breaks. Exit code 1 when one is not. Used by validate_library.py.
import java.io.FileInputStream;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;

public class PdfUa {
    public static void main(String[] paths) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        ValidationProfile rules = Profiles.profileFromXml(
            PdfUa.class.getResourceAsStream("/org/verapdf/pdfa/validation/PDFUA-1.xml"));
        int worst = 0;
        for (String path : paths) {
            try (FileInputStream file = new FileInputStream(path);
                 PDFAParser parser = Foundries.defaultInstance().createParser(file, PDFAFlavour.PDFUA_1);
                 PDFAValidator validator = Foundries.defaultInstance().createValidator(rules, false)) {
                ValidationResult result = validator.validate(parser);
                Map<String, Integer> broken = new TreeMap<>();
                for (TestAssertion one : result.getTestAssertions())
                    if (one.getStatus() == TestAssertion.Status.FAILED)
                        broken.merge(one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber() + " "
                            + one.getMessage().replace('\n', ' '), 1, Integer::sum);
                if (result.isCompliant() && broken.isEmpty())
                    System.out.println("PASS\t" + path + "\t" + result.getTotalAssertions());
                else worst = 1;
                if (!result.isCompliant() && broken.isEmpty()) System.out.println("FAIL\t" + path + "\tnot compliant");
                broken.forEach((rule, times) -> System.out.println("FAIL\t" + path + "\t" + times + " times " + rule));
            }
        }
        System.exit(worst);
    }
}
