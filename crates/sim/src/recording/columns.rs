//! Columns that cost nothing while they have nothing to say.

/// Marks a time that did not fit into 32 bits and stands in the overflow list.
const OVERFLOW: u32 = u32::MAX;

/// One duration for each request, in nanoseconds, all zero until one is not.
///
/// Four bytes a request hold 4.29 s; the rare longer ones stand aside.
#[derive(Clone, Debug, Default)]
pub(crate) struct DurationColumn {
    rows: Vec<u32>,
    /// (row, nanoseconds), by row.
    long: Vec<(u32, u64)>,
    /// How many rows to make room for, once there is one.
    expected: usize,
}

impl DurationColumn {
    /// A column of about `expected` rows; it takes no memory before the first that is not zero.
    pub(crate) fn expecting(expected: usize) -> Self {
        Self { expected, ..Self::default() }
    }

    /// Whether all of it is zero.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    #[inline]
    pub(crate) fn get(&self, row: u32) -> u64 {
        match self.rows.get(row as usize) {
            None => 0,
            Some(&OVERFLOW) => self.place(row).map_or(u64::from(OVERFLOW), |place| self.long[place].1),
            Some(&nanos) => u64::from(nanos),
        }
    }

    /// Adds the durations of the rows from `start` on to those in `sums`, one to each.
    #[inline]
    pub(crate) fn add_to(&self, start: u32, sums: &mut [u64]) {
        let rows = self.rows.get(start as usize..).unwrap_or(&[]);
        for (sum, &nanos) in sums.iter_mut().zip(rows) {
            *sum += u64::from(nanos);
        }
        let from = self.long.partition_point(|&(row, _)| row < start);
        for &(row, nanos) in &self.long[from..] {
            let Some(sum) = sums.get_mut((row - start) as usize) else { break };
            *sum += nanos - u64::from(OVERFLOW);
        }
    }

    /// The hot path of a run: nearly always a short time, in the next row or in one that is there.
    #[inline]
    pub(crate) fn set(&mut self, row: u32, nanos: u64) {
        let length = self.rows.len();
        if nanos == 0 && row as usize >= length {
            return;
        }
        if nanos >= u64::from(OVERFLOW) || !self.long.is_empty() {
            return self.set_long(row, nanos);
        }
        if (row as usize) < length {
            self.rows[row as usize] = nanos as u32;
        } else {
            self.append(row, nanos as u32);
        }
    }

    /// The time of a row that is new: no later one has been set. Zeros at the end are left out.
    #[inline]
    pub(crate) fn push(&mut self, row: u32, nanos: u64) {
        if nanos == 0 {
            return;
        }
        let in_place = row as usize == self.rows.len() && self.rows.len() < self.rows.capacity();
        if in_place && nanos < u64::from(OVERFLOW) {
            self.rows.push(nanos as u32);
        } else {
            self.set(row, nanos);
        }
    }

    fn append(&mut self, row: u32, cell: u32) {
        if self.rows.capacity() == 0 {
            self.rows.reserve_exact(self.expected);
        }
        if row as usize > self.rows.len() {
            self.rows.resize(row as usize, 0);
        }
        self.rows.push(cell);
    }

    #[cold]
    fn set_long(&mut self, row: u32, nanos: u64) {
        let cell = u32::try_from(nanos).unwrap_or(OVERFLOW);
        if row as usize >= self.rows.len() {
            self.append(row, cell);
        } else {
            self.rows[row as usize] = cell;
        }
        match (self.place(row), cell == OVERFLOW) {
            (Ok(place), true) => self.long[place].1 = nanos,
            (Ok(place), false) => drop(self.long.remove(place)),
            (Err(place), true) => self.long.insert(place, (row, nanos)),
            (Err(_), false) => {}
        }
    }

    /// Where the row stands among the long ones, or where it would. Rows come nearly in order, so that what is
    /// inserted is inserted near the end.
    fn place(&self, row: u32) -> Result<usize, usize> {
        self.long.binary_search_by_key(&row, |&(row, _)| row)
    }

    /// Adds what is needed to tell this column from another of the same number of rows.
    pub(crate) fn digest(&self, rows: usize, hasher: &mut super::Hasher) {
        for row in 0..rows as u32 {
            hasher.update(&self.get(row).to_le_bytes());
        }
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.rows.capacity() * size_of::<u32>() + self.long.capacity() * size_of::<(u32, u64)>()
    }
}

/// One small number for each request, all equal to the first value until one is not.
#[derive(Clone, Debug, Default)]
pub(crate) struct SmallColumn<T> {
    rows: Vec<T>,
}

impl<T: Copy + Default + PartialEq> SmallColumn<T> {
    /// Whether all of it is the first value.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    #[inline]
    pub(crate) fn get(&self, row: u32) -> T {
        self.rows.get(row as usize).copied().unwrap_or_default()
    }

    #[inline]
    pub(crate) fn set(&mut self, row: u32, value: T) {
        if let Some(cell) = self.rows.get_mut(row as usize) {
            *cell = value;
        } else if value != T::default() {
            self.rows.resize(row as usize, T::default());
            self.rows.push(value);
        }
    }

    /// The number of a row that is new: none has been set for it or for a later one. First values at the end are left out.
    #[inline]
    pub(crate) fn push(&mut self, row: u32, value: T) {
        if value != T::default() {
            self.set(row, value);
        }
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.rows.capacity() * size_of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_zeros_takes_no_memory() {
        let mut column = DurationColumn::default();
        for row in 0..1_000 {
            column.set(row, 0);
        }
        assert_eq!((column.memory_bytes(), column.get(999)), (0, 0));
    }

    #[test]
    fn what_is_set_is_what_is_read_whatever_its_size() {
        let mut column = DurationColumn::default();
        for nanos in [0, 1, u64::from(OVERFLOW) - 1, u64::from(OVERFLOW), u64::MAX, 5, 0] {
            column.set(7, nanos);
            assert_eq!(column.get(7), nanos);
            assert_eq!((column.get(6), column.get(8)), (0, 0));
        }
        assert!(column.long.is_empty());
    }
}
