import com.marcnuri.helm.Helm;
import java.nio.file.Path;

/** Helm without its program: `lint CHART` or `template CHART VALUES KUBERNETES`. Prints what Helm prints. */
class ChartCommand {
  public static void main(String[] args) {
    var chart = new Helm(Path.of(args[1]));
    if (args[0].equals("lint")) {
      var result = chart.lint().strict().call();
      result.getMessages().forEach(System.out::println);
      System.exit(result.isFailed() ? 1 : 0);
    }
    var template = chart.template().withName("test").withNamespace("oms");
    System.out.print(template.withValuesFile(Path.of(args[2])).withKubeVersion(args[3]).call());
  }
}
