//! Whatever happens to a byte of a recording is named with its file, or harms nothing.

use super::*;

/// xorshift64*: enough to choose bytes, the same ones each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).unwrap() % end
    }
}

fn files(session: &Path) -> Vec<String> {
    let mut files: Vec<_> = fs::read_dir(session)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    files
}

/// Damages each file of a session `times` times, by a flipped bit and by a cut in turn, and looks at what
/// `check` makes of it: the file, whether it was cut, what is read.
fn damaged(
    session: &Path,
    times: usize,
    mut check: impl FnMut(&str, bool, Result<Content, Damaged>, &Path),
) -> usize {
    let mut dice = Dice(20_261_126);
    let mut done = 0;
    for file in files(session) {
        for nth in 0..times {
            let copy = copy(session, session.parent().unwrap());
            let path = copy.join(&file);
            let mut bytes = fs::read(&path).unwrap();
            let at = dice.below(bytes.len());
            let cut = nth % 2 == 1;
            if cut {
                bytes.truncate(at);
            } else {
                bytes[at] ^= 1 << dice.below(8);
            }
            fs::write(&path, bytes).unwrap();
            check(&file, cut, content(&copy), &copy);
            done += 1;
        }
    }
    done
}

#[test]
fn a_flipped_bit_or_a_cut_in_any_file_of_a_sealed_session_is_named() {
    let folder = scratch("damage");
    let session = recorded(&folder, 2_500);
    let whole = content(&session).unwrap();
    let mut named = 0;
    let done = damaged(&session, 24, |file, _, found, _| match found {
        Ok(found) => assert_eq!(found, whole, "{file}: used as something else"),
        Err(damaged) => {
            assert!(damaged.file.ends_with(file), "{damaged}, was {file}");
            named += 1;
        }
    });
    assert!(done >= 100 && named * 10 >= done * 9, "{named} of {done} named");
    println!("{done} damages of a sealed session: {named} named, {} harmless", done - named);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_open_segment_that_is_cut_ends_at_its_last_whole_batch_and_a_flipped_bit_in_it_is_named() {
    let folder = scratch("open-damage");
    let session = broken_off(&folder);
    let whole = content(&session).unwrap();
    let mut outcomes = [0; 3];
    let done = damaged(&session, 24, |file, cut, found, copy| match found {
        // What comes behind the last whole batch may go, nothing may change; what went is said.
        Ok(found) => {
            assert!(whole.envelopes.starts_with(&found.envelopes), "{file}");
            assert!(whole.decisions.starts_with(&found.decisions), "{file}");
            let said = Session::open(copy).unwrap().cut().unwrap().is_some();
            let less = found.envelopes.len() < whole.envelopes.len();
            assert!(said || !less, "{file}: rows are missing and nobody says so");
            outcomes[usize::from(less)] += 1;
        }
        Err(damaged) => {
            assert!(damaged.file.ends_with(file) || file.ends_with(".log"), "{damaged}, was {file}");
            let open = file.ends_with(".arrows") || file.ends_with(".log");
            assert!(!(cut && open), "{file}: a cut is what a crash leaves: {damaged}");
            outcomes[2] += 1;
        }
    });
    let [harmless, shorter, named] = outcomes;
    println!(
        "{done} damages of a broken session: {named} named, {shorter} shorter and said, {harmless} harmless"
    );
    assert!(done >= 100 && named > 0 && shorter > 0);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_file_that_is_gone_is_missed() {
    let folder = scratch("gone");
    for session in [recorded(&folder, 1_500), broken_off(&folder)] {
        let parts = |file: &String| !file.ends_with(".part");
        for file in files(&session).iter().filter(|file| parts(file)) {
            let copy = copy(&session, &folder);
            fs::remove_file(copy.join(file)).unwrap();
            let damaged = content(&copy).unwrap_err();
            assert!(damaged.file.ends_with(file) && damaged.what.contains("missing"), "{damaged}");
            assert!(Recording::is_at(&copy), "{file}: the session itself is still seen");
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_file_in_the_place_of_another_is_not_taken_for_it() {
    let folder = scratch("swapped");
    let session = recorded(&folder, 2_500);
    fs::copy(session.join("events-00000.parquet"), session.join("events-00001.parquet")).unwrap();
    assert!(content(&session).unwrap_err().file.ends_with("events-00001.parquet"));
    fs::remove_dir_all(folder).unwrap();
}
